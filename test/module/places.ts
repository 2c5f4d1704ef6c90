// The places where a program can run that uses the module: the virtual board and the real engine, both with the module as
// a file in Storage. It knows no program.

import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Engine } from "../engine/engine.ts";
import { boardOf, online } from "../virtual/boards.ts";

export const MODULES = [
  "mqtt-ws",
  "mqtt-ws-lean",
  "mqtt-ws-tiny",
  "mqtt-ws-tiny-lean",
  "mqtt-ws-v5",
  "mqtt-ws-v5-lean",
];

export function moduleText(name = "mqtt-ws-lean"): string {
  return readFileSync(`dist/${name}.js`, "latin1");
}

/** A virtual board that joins its Wi-Fi and then runs the program, which finds the module under the name mqtt-ws. */
export function virtual(
  t: TestContext,
  program: string,
  module = "mqtt-ws-lean",
  options: Parameters<typeof boardOf>[2] = {},
): VirtualBoard {
  const board = boardOf(t, online(program), options);
  board.flash.set("mqtt-ws", moduleText(module));
  return board;
}

/** The same on the real engine. */
export function real(t: TestContext, program: string, module = "mqtt-ws-lean"): Engine {
  const code = `setTimeout(function () {${program}\n}, 10);`;
  const engine = new Engine({ "mqtt-ws": moduleText(module), ".bootcde": code });
  t.after(() => engine.off());
  return engine;
}
