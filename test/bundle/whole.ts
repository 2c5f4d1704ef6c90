// A bundle in one piece, for checks of the program as a whole: its parts as functions in front of the boot code.
import { bootBytesOf } from "../../board/virtual/program.ts";
import { PARAMETERS } from "../../build/parts.ts";

/** The call that makes a part, and an entry of a table of parts: `at << 13 | length`. */
const CALL = /\$b\(((?:"\w+",)*)\$a\.substr\((\d+),(\d+)\)\)/g;
const ENTRY = /([{,](?:\d+|\w+):)(\d{6,10})\b/g;
const LENGTH_BITS = 13;

/** The program as one text. Throws if it names a part that is not there. */
export function whole(code: string): string {
  const begin = bootBytesOf(code);
  const found = new Map<string, string>();
  const partAt = (at: number, length: number, names: string): string => {
    const part = `part${at}`;
    if (found.has(part)) return part;
    if (at + length > code.length || at < begin) throw new Error(`no part at ${at}`);
    found.set(part, "");
    found.set(part, `function ${part}(${names}){${named(code.substr(at, length))}}`);
    return part;
  };
  const named = (text: string): string =>
    text
      .replace(CALL, (_, names: string, at: string, length: string) => {
        const own = names.replace(/"|,$/g, "");
        return partAt(Number(at), Number(length), /^[A-E]?(,|$)/.test(own) ? `${PARAMETERS}` : own);
      })
      .replace(ENTRY, (_, key: string, place: string) => {
        const length = Number(place) & ((1 << LENGTH_BITS) - 1);
        return `${key}${partAt(Number(place) >> LENGTH_BITS, length, `${PARAMETERS}`)}`;
      });
  const rest = named(code.slice(0, begin));
  return [...found.values(), rest].join("\n");
}
