// The loader of src/program/loader.ts on an ESP32 under Espruino: dist/loader.js, which is .bootcde on a board. The build
// puts a line behind it (build/run-at-top.ts) that runs it at the top level: a program's names are global.

import type { Bytes } from "../../src/board";
import { choose, failed, type LoaderBoard } from "../../src/program/loader";
import { restart } from "./health";
import { BROWN_OUT, causeOfReset, DEEP_SLEEP, POWER_ON } from "./reset";
import { filesNamed, readFile, writeFile } from "./storage";

const board: LoaderBoard = {
  readFile,
  writeFile,
  crc32: E.CRC32,
  filesNamed,
  powerCameBack() {
    const cause = causeOfReset();
    return cause === POWER_ON || cause === DEEP_SLEEP || cause === BROWN_OUT;
  },
  guard(periodS, byItself) {
    E.enableWatchdog(periodS, !!byItself);
  },
  enter(file, bootBytes) {
    // The program takes its parts from this variable (build/short-names.ts).
    $a = readFile(file)!;
    return $a.substr(0, bootBytes);
  },
  print: console.log,
  restart,
};

/** Without an argument: the code to run. With an error of that code: whether it was dealt with. */
export function load(error?: unknown): Bytes | boolean {
  return error === undefined ? choose(board) : failed(board, error);
}
