// The demo's device without a terminal: prints each change of a pin, and obeys lines of the standard input.
import { createInterface } from "node:readline";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { Controls, View } from "./device-controls.ts";
import { HOLD_MS, PRESS_MS } from "./device-keys.ts";
import { type NamedPin, stateOf } from "./device-pins.ts";

const HELP =
  "lines: press PIN, hold PIN, put PIN 0..1, send TOPIC PAYLOAD, quit; send is behind the device's own prefix";

export function showLines(board: VirtualBoard, pins: NamedPin[], controls: Controls): View {
  const print = (line: string) => console.log(line);
  const unlisten = board.pins.listen(changes(board, pins, print));
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => obey(line, controls, print));
  return {
    print,
    close() {
      unlisten();
      input.close();
    },
  };
}

/** Prints the pins whose state is another one than at the last call. */
function changes(board: VirtualBoard, pins: NamedPin[], print: (line: string) => void): () => void {
  const last = new Map<string, string>();
  return () => {
    for (const [name, it] of pins) {
      const state = stateOf(board, it);
      if (last.get(name) !== state) print(`-- pin ${name} ${it.pin}: ${state}`);
      last.set(name, state);
    }
  };
}

function obey(line: string, { press, put, send, stop }: Controls, print: (line: string) => void): void {
  const [verb, what = "", ...rest] = line.trim().split(" ");
  if (verb === "press") press(what, PRESS_MS);
  else if (verb === "hold") press(what, HOLD_MS);
  else if (verb === "put") put(what, Number(rest[0]));
  else if (verb === "send") send(what, rest.join(" "));
  else if (verb === "quit") stop();
  else print(`-- ${HELP}`);
}
