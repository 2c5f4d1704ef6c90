// The demo's device without a terminal: prints each change of a pin, and obeys lines of the standard input.
import { createInterface } from "node:readline";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { type Controls, obey, type View } from "./device-controls.ts";
import { type NamedPin, stateOf } from "./device-pins.ts";

export function showLines(board: VirtualBoard, pins: NamedPin[], controls: Controls): View {
  const print = (line: string) => console.log(line);
  const unlisten = board.pins.listen(changes(board, pins, print));
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => obey(line, controls));
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
