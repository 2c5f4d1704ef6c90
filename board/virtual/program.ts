// The files of a program in Espruino's Storage: the loader that the engine runs at power-on, the program, and the record
// that names it (src/program).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/root.ts";
import { fileOf, nameProgram, PARTS_BEGIN, PARTS_END } from "../../src/program/file.ts";
import { onlyProgram, type Record, recordFile, recordText } from "../../src/program/record.ts";
import { crc32 } from "./crc32.ts";

/** The built loader. */
const LOADER = join(ROOT, "dist", "loader.js");

/** The code that Espruino runs at power-on: the loader. */
export const BOOT_CODE = ".bootcde";

/** Files by their names in Storage, as byte strings. */
export type Program = { [name: string]: string };

/** A program of dist/x.js as the board's only one, proven; `before` is put in front of the loader. */
export function programOf(file: string, before = ""): Program {
  return programIn({ code: readFileSync(file, "latin1"), before });
}

/** A program that has just been built. */
export function programIn({ code: given, before = "" }: { code: string; before?: string }): Program {
  const code = given.endsWith(PARTS_END) ? given : given + PARTS_BEGIN + PARTS_END;
  const program = nameOf(code);
  return {
    [fileOf(program)]: code,
    ...recordOf(onlyProgram(program)),
    [BOOT_CODE]: before + readFileSync(LOADER, "latin1"),
  };
}

/** A program as the record names it. */
export function nameOf(code: string): string {
  return nameProgram(crc(code), bootBytesOf(code), code.length);
}

/** A record, by the name of its file. */
export function recordOf(record: Record): Program {
  return { [recordFile(record.count)]: recordText({ crc32: crc }, record) };
}

/** Bytes of a program's boot code; its parts are behind it. */
export function bootBytesOf(code: string): number {
  const begin = code.indexOf(PARTS_BEGIN);
  return begin < 0 ? code.length : begin;
}

/** The program's file among the files of a board. */
export function codeIn(program: Program): string {
  return Object.entries(program).find(([name]) => /^fw\.[0-9a-f]{8}$/.test(name))![1];
}

/** A script that runs the program of these files from RAM. Its parts are read from Storage. */
export function scriptOf(program: Program): string {
  const code = codeIn(program);
  return `var $a=require("Storage").read("${fileOf(nameOf(code))}");${code.slice(0, bootBytesOf(code))}`;
}

function crc(text: string): number {
  return crc32(Buffer.from(text, "latin1"));
}
