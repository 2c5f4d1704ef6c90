// A bundle in one piece, for checks of the program as a whole: its parts as functions in front of the boot code.
import { bootBytesOf } from "../../board/virtual/program.ts";
import { PARAMETERS } from "../../build/parts.ts";

/** The call that makes a part. */
const CALL = /\$b\((?:"[A-E]",)*\$a\.substr\((\d+),(\d+)\)\)/g;

/** The program as one text. Throws if it names a part that is not there. */
export function whole(code: string): string {
  const begin = bootBytesOf(code);
  const found = new Map<string, string>();
  const named = (text: string): string =>
    text.replace(CALL, (_, at: string, length: string) => {
      const part = `part${at}`;
      if (!found.has(part)) {
        if (Number(at) + Number(length) > code.length || Number(at) < begin)
          throw new Error(`no part at ${at}`);
        found.set(part, "");
        found.set(part, named(code.substr(Number(at), Number(length))));
      }
      return part;
    });
  const rest = named(code.slice(0, begin));
  const functions = [...found].map(([part, text]) => `function ${part}(${PARAMETERS}){${text}}`);
  return [...functions, rest].join("\n");
}
