// The kinds of board that a test of the kit runs on.
import {
  type Board,
  type ProgramOptions,
  realEngine,
  type VirtualOptions,
  virtualBoard,
} from "../../testing/index.ts";
import { ESPRUINO, ESPRUINO_MODULES, noEngine } from "../engine/engine.ts";

type Maker = (options: ProgramOptions & Pick<VirtualOptions, "wifi">) => Promise<Board>;

export const BOARDS: [kind: string, make: Maker, skip: string | false][] = [
  ["virtual board", virtualBoard, false],
  [
    "real engine",
    (options) => realEngine({ ...options, path: ESPRUINO, modulesFolder: ESPRUINO_MODULES }),
    noEngine,
  ],
];
