// Espruino's JSON: a parser as lax as the engine's, so that a config.json that passes here passes on the board, and
// a stringify that writes ASCII. Checked against the engine: the table is in test/virtual/json-table.ts.
import { asBytes } from "./bytes.ts";
import { Lexer } from "./lexer.ts";
import { written } from "./number-functions.ts";
import type { Obj, Realm } from "./realm.ts";

/** `JSON.parse` of the board. Throws the engine's SyntaxError, or returns undefined where the engine does. */
export function parse(realm: Realm, json: unknown): unknown {
  const lexer = new Lexer(asBytes(json, "JSON.parse"), (message) => realm.error("Error", message));
  return value(realm, lexer);
}

function value(realm: Realm, lexer: Lexer): unknown {
  const { kind, value: literal } = lexer.token;
  switch (kind) {
    case "true":
    case "false":
    case "null":
      lexer.next();
      return kind === "null" ? null : kind === "true";
    case "INT":
    case "FLOAT":
    case "STRING":
      lexer.next();
      return literal;
    case "'-'":
      return negative(realm, lexer);
    case "'['":
      return list(realm, lexer);
    case "'{'":
      return record(realm, lexer);
  }
  throw realm.error("SyntaxError", `Expecting valid value, got ${kind}`);
}

function negative(realm: Realm, lexer: Lexer): unknown {
  lexer.next();
  if (lexer.token.kind !== "INT" && lexer.token.kind !== "FLOAT") return undefined;
  return 0 - (value(realm, lexer) as number);
}

function list(realm: Realm, lexer: Lexer): unknown {
  const items: unknown[] = [];
  lexer.next();
  while (lexer.token.kind !== "']'") {
    const item = value(realm, lexer);
    if (item === undefined) return undefined;
    if (lexer.token.kind !== "']'") expect(realm, lexer, "','");
    items.push(item);
  }
  expect(realm, lexer, "']'");
  return realm.array(items);
}

function record(realm: Realm, lexer: Lexer): unknown {
  const object = realm.object();
  lexer.next();
  while (lexer.token.kind === "STRING" || lexer.token.kind === "INT" || isWord(lexer.token.kind)) {
    if (lexer.token.kind !== "STRING") expect(realm, lexer, "STRING");
    const key = lexer.token.value as string;
    lexer.next();
    expect(realm, lexer, "':'");
    const item = value(realm, lexer);
    if (item === undefined) return undefined;
    if (lexer.token.kind !== "'}'") expect(realm, lexer, "','");
    // The engine keeps both, and a look-up finds the first.
    if (!Object.hasOwn(object, key)) put(object, key, item);
  }
  expect(realm, lexer, "'}'");
  return object;
}

function put(object: Obj, key: string, item: unknown): void {
  Object.defineProperty(object, key, { value: item, writable: true, configurable: true, enumerable: true });
}

function isWord(kind: string): boolean {
  return /^[a-zA-Z]/.test(kind) && !/^(EOF|FLOAT|UNFINISHED|TEMPLATE|REGEX)/.test(kind);
}

function expect(realm: Realm, lexer: Lexer, kind: string): void {
  const { token } = lexer;
  if (token.kind !== kind) {
    const name = { ID: `ID:${token.value}`, STRING: `String:'${token.value}'` }[token.kind] ?? token.kind;
    throw realm.error("SyntaxError", `Got ${name} expected ${kind}`);
  }
  lexer.next();
}

/** Around text that stands in the JSON as it is. */
const BARE = "\0bare\0";

/**
 * `JSON.stringify` of the board, before it takes the function's place: ASCII only, typed arrays as arrays, numbers as the
 * engine writes them, functions in arrays as undefined.
 */
export function stringify(
  this: unknown,
  data: unknown,
  _replacer?: unknown,
  space?: number | string,
): string {
  if (typeof data === "function") return "undefined";
  function replace(this: unknown, _key: string, item: unknown): unknown {
    if (ArrayBuffer.isView(item)) return Array.from(item as Uint8Array);
    if (typeof item === "function" && Array.isArray(this)) return `${BARE}undefined`;
    const number = typeof item === "number" && Number.isFinite(item) ? written(item, 10, -1) : "";
    return number && number !== String(item) ? BARE + number : item;
  }
  const text = JSON.stringify(data, replace, space) ?? "null";
  return text
    .replaceAll(/"\\u0000bare\\u0000([^"]*)"/g, "$1")
    .replace(/\\u00..|\\.|[\x7f-\uffff]/g, (char) => {
      if (char.length === 2) return char;
      const code = char.length === 1 ? char.charCodeAt(0) : Number.parseInt(char.slice(2), 16);
      return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    });
}
