// The demo's board on a terminal: a block at the bottom with all pins, and lines above it.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { Controls, View } from "./device-controls.ts";
import { HELP, Keyboard, keyOf } from "./device-keys.ts";
import { type NamedPin, stateOf } from "./device-pins.ts";

/** Longest line above the block, and widest rule of the block. */
const MAX_LINE = 400;
const MAX_RULE = 72;

export function showBlock(board: VirtualBoard, pins: NamedPin[], controls: Controls): View {
  const { stdin, stdout } = process;
  let drawn = 0;
  const erase = () => {
    if (drawn) stdout.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    const rows = block(board, pins, keyboard.line, (stdout.columns || 80) - 1);
    stdout.write(`${rows.join("\n")}\n`);
    drawn = rows.length;
  };
  const keyboard = new Keyboard(board, pins, controls);
  const unlisten = board.pins.listen(draw);
  const onKey = (data: Buffer) => {
    keyboard.take(data.toString());
    draw();
  };
  stdin.setRawMode(true);
  stdin.on("data", onKey);
  draw();
  return {
    print(line) {
      erase();
      stdout.write(`${line.slice(0, MAX_LINE)}\n`);
      draw();
    },
    close() {
      unlisten();
      stdin.off("data", onKey);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** The rows of the block; the last one is the help, or the line that is being typed. */
function block(board: VirtualBoard, pins: NamedPin[], typed: string | undefined, width: number): string[] {
  const rows = pins.map((named) => {
    const [name, it] = named;
    const state = stateOf(board, it);
    const shown = state === "off" || state.startsWith("0") ? state : `\x1b[1;33m${state}\x1b[0m`;
    const key = `\x1b[7m${keyOf(named, pins)}\x1b[0m`;
    return ` ${key} ${name.padEnd(12)} ${it.pin.padEnd(4)} ${it.use.padEnd(7)} ${shown}`;
  });
  const rule = "-".repeat(Math.min(width, MAX_RULE));
  const last = typed === undefined ? `\x1b[2m${HELP.slice(0, width)}\x1b[0m` : `: ${typed.slice(3 - width)}_`;
  return [`\x1b[2m${rule}\x1b[0m`, ...rows, last];
}
