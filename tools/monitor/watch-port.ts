// A watch of a serial port of this PC, on its terminal.

import { existsSync } from "node:fs";
import type { WatchOptions } from "../options.ts";
import { SerialLine } from "../serial/serial.ts";
import { TerminalScreen } from "./screen.ts";
import { Watch } from "./watch.ts";

/** @param pipe whether lines of the standard input go to the board even if it is not a terminal */
export function watchPort(path: string, options: WatchOptions, pipe: boolean): Watch {
  return new Watch(
    {
      path,
      open: () => SerialLine.open(path),
      // Windows has no file for a port.
      mayOpen: () => existsSync(path) || process.platform === "win32",
      screen: (on) => new TerminalScreen(options, on, pipe),
    },
    options,
  );
}
