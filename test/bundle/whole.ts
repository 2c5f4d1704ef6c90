// A bundle in one piece, for checks of the program as a whole: its parts as functions in front of the boot code.
import { BOOT_CODE, type Program, partsNameIn } from "../../board/virtual/program.ts";
import { PARAMETERS } from "../../build/parts.ts";

/** The call that makes a part. */
const CALL = /\$b\((?:"[A-E]",)*\$a\.substr\((\d+),(\d+)\)\)/g;

/** The program as one text. Throws if it names a part that is not there. */
export function whole(program: Program): string {
  const boot = program[BOOT_CODE]!;
  const name = partsNameIn(boot);
  const parts = name === undefined ? "" : program[name]!;
  const found = new Map<string, string>();
  const named = (text: string): string =>
    text.replace(CALL, (_, at: string, length: string) => {
      const part = `part${at}`;
      if (!found.has(part)) {
        if (Number(at) + Number(length) > parts.length) throw new Error(`no part at ${at}`);
        found.set(part, "");
        found.set(part, named(parts.substr(Number(at), Number(length))));
      }
      return part;
    });
  const rest = named(boot);
  const functions = [...found].map(([part, text]) => `function ${part}(${PARAMETERS}){${text}}`);
  return [...functions, rest].join("\n");
}
