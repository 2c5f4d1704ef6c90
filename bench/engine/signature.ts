// What a check of a signature costs on an engine: instructions of the whole check and of its largest slice, with code and
// signature in RAM, and JsVars.
import { BOOT_CODE, programIn, scriptOf } from "../../board/virtual/program.ts";
import { buildFile } from "../../build/own.ts";
import { Engine } from "../../test/engine/engine.ts";
import { VECTORS } from "../../test/sign/slh-rig.ts";
import { Callgrind } from "./callgrind.ts";

/** The function of the engine that each slice ends with: callgrind begins to count again there. */
const COLLECT = "jswrap_process_memory";
const LAST_MS = 300_000;

/** Checks the signature of files, reports, and ends the engine. */
const PROGRAM = `
import { hashOfCheck } from "../board/esp32/sha256.ts";
import { beginInternal, goOn } from "../src/sign/slh-dsa.ts";
declare function fileOf(name: string): string;
var signature = fileOf("sig"), key = fileOf("key"), message = fileOf("msg");
function piece(at, length) { return signature.substr(at, length); }
var hash = hashOfCheck();
process.memory();
var check = beginInternal(key, message, piece, hash), verdict = 0, slices = 0;
while (!verdict) { verdict = goOn(check); slices++; }
print("checked", verdict, slices);
quit();
`;

const good = VECTORS.find((vector) => vector.good)!;
const FILES = { sig: good.signature, key: good.key, msg: good.message };

export interface CheckCost {
  slices: number;
  /** Instructions. */
  all: number;
  largest: number;
}

/** Needs valgrind. */
export async function checkCost(): Promise<CheckCost> {
  const program = programIn(await buildFile("entry/signature.ts", {}, PROGRAM));
  const callgrind = new Callgrind([COLLECT]);
  const engine = new Engine({ ...FILES, ...program, [BOOT_CODE]: "" });
  try {
    const inRam = 'function fileOf(name){return E.toString(require("Storage").read(name),"")}';
    const script = scriptOf(program).replace('require("Storage").read', "fileOf");
    engine.boot(inRam + script, callgrind.tool());
    const slices = Number((await engine.line(/^checked 1 \d+/, LAST_MS)).split(" ")[2]);
    await engine.ended();
    const dumps = callgrind.counts();
    return {
      slices,
      all: dumps.slice(0, slices).reduce((sum, each) => sum + each, 0),
      largest: Math.max(...dumps.slice(0, slices)),
    };
  } finally {
    await engine.off();
    callgrind.off();
  }
}
