// Methods of strings and regular expressions where Espruino differs from the standard. Strings are bytes, only ASCII has
// case. The differences are in test/virtual/built-ins.json.
import { asBytes, flatten, fromBuffer, toBuffer } from "./bytes.ts";
import type { Fn, Obj, Realm } from "./realm.ts";

/** Replaces those methods, and the functions that convert texts. */
export function adaptTexts(realm: Realm): void {
  const string = realm.global.String as Obj;
  const prototype = string.prototype as Record<string, Fn>;
  const replace = prototype.replace as Fn;
  realm.define(string, {
    fromCharCode: (...codes: number[]) => String.fromCharCode(...codes.map((code) => code & 0xff)),
  });
  realm.define(prototype, {
    toLowerCase(this: unknown) {
      return String(this).replace(/[A-Z]+/g, (text) => text.toLowerCase());
    },
    toUpperCase(this: unknown) {
      return String(this).replace(/[a-z]+/g, (text) => text.toUpperCase());
    },
    trim(this: unknown) {
      return String(this).replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, "");
    },
    indexOf(this: unknown, wanted: unknown, from?: unknown) {
      return placeOf(String(this), String(wanted), typeof from === "number" ? from : 0);
    },
    split(this: unknown, separator?: unknown) {
      const text = String(this);
      if (separator === undefined) return realm.array([text]);
      return realm.array(
        isRegExp(separator) ? piecesAround(text, separator) : pieces(text, String(separator)),
      );
    },
    replace(this: unknown, wanted: unknown, by: unknown) {
      const text = String(this);
      if (!isRegExp(wanted)) return replaceText(text, String(wanted), String(by));
      const expanded = (...found: unknown[]) => expand(String(by), found);
      return Reflect.apply(replace, text, [wanted, typeof by === "function" ? by : realm.adopt(expanded)]);
    },
  });
  realm.define(realm.global, {
    btoa: (data: unknown) => Buffer.from(flatten(data)).toString("base64"),
    atob: (text: unknown) => fromBuffer(Buffer.from(String(text), "base64")),
  });
  adaptRegExp(realm);
  adaptUri(realm);
}

/** The engine compares up to the end of either string: the start of what is wanted, at the very end, is a match. */
function placeOf(text: string, wanted: string, from: number): number {
  const last = text.length - wanted.length;
  if (last < 0) return -1;
  for (let at = Math.min(Math.max(Math.trunc(from) || 0, 0), last + 1); at < text.length; at++) {
    if (wanted.startsWith(text.slice(at, at + wanted.length))) return at;
  }
  return -1;
}

/** No piece when the separator is too long; separators inside each other count, and the text after them is cut wrongly. */
function pieces(text: string, separator: string): string[] {
  if (separator === "") return [...text];
  const end = text.length + 1 - separator.length;
  const found: string[] = [];
  let last = 0;
  for (let at = 0; at <= end; at++) {
    if (at < end && !text.startsWith(separator, at)) continue;
    const to = at === end ? text.length : at;
    // A negative length is a huge one to the engine.
    found.push(text.slice(last, to < last ? undefined : to));
    last = to + separator.length;
  }
  return found;
}

function piecesAround(text: string, separator: RegExp): string[] {
  const found: string[] = [];
  const all = new RegExp(asInEngine(separator.source), "g");
  let last = 0;
  for (const match of text.matchAll(all)) {
    found.push(text.slice(last, match.index));
    last = match.index + match[0].length;
  }
  return [...found, text.slice(last)];
}

function replaceText(text: string, wanted: string, by: string): string {
  const at = placeOf(text, wanted, 0);
  return at < 0 ? text : text.slice(0, at) + by + text.slice(at + wanted.length);
}

/** `$1` to `$9` stand for groups, `$` before anything else for itself; at the end it brings a zero byte. */
function expand(by: string, found: unknown[]): string {
  return by.replace(/\$([\s\S]?)/g, (_, next: string) => {
    const group = /[1-9]/.test(next) ? found[Number(next)] : undefined;
    return typeof group === "string" ? group : `$${next || "\0"}`;
  });
}

function isRegExp(value: unknown): value is RegExp {
  return Object.prototype.toString.call(value) === "[object RegExp]";
}

/** Every method of the language that takes a regular expression calls `exec`. */
function adaptRegExp(realm: Realm): void {
  const RegExpOfRealm = realm.global.RegExp as RegExpConstructor;
  const { exec } = RegExpOfRealm.prototype;
  const known = new Map<string, RegExp>();
  realm.define(RegExpOfRealm.prototype, {
    exec(this: RegExp, text: unknown) {
      const key = `/${this.source}/${this.flags}`;
      const same = known.get(key) ?? new RegExpOfRealm(asInEngine(this.source), this.flags);
      known.set(key, same);
      same.lastIndex = this.lastIndex;
      const match = exec.call(same, String(text));
      this.lastIndex = same.lastIndex;
      return match;
    },
  });
}

/**
 * The pattern of the standard that means what the engine makes of this one. `.` is any byte. At the end of the text the
 * engine sees a zero byte, so `+` behind anything that fits a zero byte is content with the end.
 */
function asInEngine(source: string): string {
  return source.replace(/(\\.|\[(?:\\.|[^\]\\])*\]|[\s\S])(\+?)/g, (_, atom: string, plus: string) => {
    const one = atom === "." ? "[\\s\\S]" : atom;
    if (!plus || /^[()|^$]$/.test(atom)) return one + plus;
    return new RegExp(`^${one}$`).test("\0") ? `(?:${one}+|(?![\\s\\S]))` : one + plus;
  });
}

/** The engine's URI functions know ASCII only: one throws for other characters, the other garbles them. */
function adaptUri(realm: Realm): void {
  realm.define(realm.global, {
    decodeURIComponent(text: unknown) {
      return asBytes(text, "decodeURIComponent").replace(/%(..?)?/g, (_, digits: string | undefined) => {
        if (!/^[0-7][0-9a-fA-F]$/.test(digits ?? "")) throw realm.error("Error", "Invalid URI");
        return String.fromCharCode(Number.parseInt(digits as string, 16));
      });
    },
    encodeURIComponent(text: unknown) {
      const bytes = asBytes(text, "encodeURIComponent");
      if (/[\x80-\xff]/.test(bytes))
        throw realm.error("Error", "encodeURIComponent: the engine knows ASCII only");
      return encodeURIComponent(toBuffer(bytes).toString("latin1"));
    },
  });
}
