// config.json from bytes to text, for flash.sh and npm start. The board takes UTF-8; an editor may have saved something
// else, and a lost character in an SSID or a password is only seen when the board does not join. No message quotes the
// text, which may hold a password.

/** What stands in a decoded text for bytes that are not UTF-8. */
const LOST = "\ufffd";
const SAVE = 'save it as "UTF-8" in your editor';

/** The text of a file, or what is wrong with it and what to do. */
export function decodeConfig(bytes: Buffer): { text: string } | { wrong: string; remedy: string } {
  if (isUtf16(bytes))
    return { wrong: "is UTF-16 and not UTF-8, as some programs of Windows save text", remedy: SAVE };
  const text = bytes.toString("utf8");
  const at = text.indexOf(LOST);
  if (at < 0) return { text: text.replace(/^\ufeff/, "") };
  const lost = bytes.subarray(Buffer.byteLength(text.slice(0, at))).indexOf(LOST) === 0;
  return lost
    ? { wrong: `has a lost character, U+FFFD${placeIn(text, at)}`, remedy: "type it again" }
    : { wrong: `is not UTF-8${placeIn(text, at)}`, remedy: SAVE };
}

/** Two bytes a character: the mark at the beginning says so, or the zeros in what should be JSON. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if (second === undefined) return false;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || !first !== !second;
}

/** A place in a text, as editors count. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return ` (line ${before.length}, column ${before.at(-1)!.length + 1})`;
}

/**
 * The value of a JSON text. Throws a SyntaxError if it is not JSON, and what `refuse` makes of a key whose text has half of a
 * surrogate pair: the board would read "\ud83d" as one byte.
 */
export function parseJson(text: string, refuse: (key: string) => Error): unknown {
  const half = /\p{Surrogate}/u;
  return JSON.parse(text, (key, value) => {
    if (half.test(key) || (typeof value === "string" && half.test(value))) throw refuse(key);
    return value;
  });
}
