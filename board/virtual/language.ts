// Replaces the parts of the standard library that differ in Espruino: strings of bytes, the board's clock, its random
// numbers, its JSON.
import { asBytes, flatten, fromBuffer, toBuffer } from "./bytes.ts";
import { parse, stringify } from "./json.ts";
import type { Obj, Realm } from "./realm.ts";
import { adaptTypedArrays } from "./typed-arrays.ts";

/** The part of the board that the language uses. */
export interface LanguageHost {
  realm: Realm;
  /** The board's time in ms since 1970, as far as it knows. */
  timeMs(): number;
  random: { fraction(): number; next(): number };
}

/** Replaces, in the firmware's world, the functions that behave differently on the chip. */
export function adaptLanguage(host: LanguageHost): void {
  const { realm, random } = host;
  const { JSON: json, Math: math } = realm.global as { JSON: Obj; Math: Obj };
  realm.define(json, { parse: (text: unknown) => parse(realm, text), stringify });
  realm.define(math, {
    random: () => random.fraction(),
    randInt: (range: number) => (range > 0 ? random.next() % range : random.next() ^ (random.next() << 1)),
  });
  adaptStrings(realm);
  adaptTypedArrays(realm);
  adaptUri(realm);
  adaptDate(host);
}

/** Strings are bytes and only ASCII has case. */
function adaptStrings(realm: Realm): void {
  const string = realm.global.String as Obj;
  realm.define(string, {
    fromCharCode: (...codes: number[]) => String.fromCharCode(...codes.map((code) => code & 0xff)),
  });
  realm.define(string.prototype as Obj, {
    toLowerCase(this: unknown) {
      return String(this).replace(/[A-Z]+/g, (text) => text.toLowerCase());
    },
    toUpperCase(this: unknown) {
      return String(this).replace(/[a-z]+/g, (text) => text.toUpperCase());
    },
    // The engine compares up to the end of either string: the start of the needle at the very end is a match.
    indexOf(this: unknown, needle: unknown, from?: number) {
      const [text, wanted] = [String(this), String(needle)];
      if (wanted.length > text.length) return -1;
      for (
        let at = Math.min(Math.max(from ?? 0, 0), text.length - wanted.length + 1);
        at < text.length;
        at++
      ) {
        if (wanted.startsWith(text.slice(at, at + wanted.length))) return at;
      }
      return wanted === "" ? 0 : -1;
    },
    trim(this: unknown) {
      return String(this).replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, "");
    },
  });
  realm.define(realm.global, {
    btoa: (data: unknown) => Buffer.from(flatten(data)).toString("base64"),
    atob: (text: unknown) => fromBuffer(Buffer.from(String(text), "base64")),
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

/** `new Date()` and `Date.now()` tell the board's time. */
function adaptDate({ realm, timeMs }: LanguageHost): void {
  realm.define(realm.global, { boardTimeMs: timeMs });
  realm.run(
    `(function (Real, now) {
      Date = class Date extends Real {
        constructor() { arguments.length ? super(...arguments) : super(now()); }
        static now() { return now(); }
      };
    })(Date, boardTimeMs); delete this.boardTimeMs;`,
    "language",
  );
}
