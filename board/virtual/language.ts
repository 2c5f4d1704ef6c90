// Replaces the parts of the standard library that differ in Espruino: its texts, lists and numbers, the board's clock, its
// random numbers, its JSON.
import { parse, stringify } from "./json.ts";
import { adaptLists } from "./list-functions.ts";
import { adaptNumbers } from "./number-functions.ts";
import type { Obj, Realm } from "./realm.ts";
import { adaptTexts } from "./text-functions.ts";
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
  adaptTexts(realm);
  adaptLists(realm);
  adaptNumbers(realm);
  // An error without a text has none at all.
  realm.define((realm.global.Error as Obj).prototype as Obj, { message: undefined });
  adaptTypedArrays(realm);
  adaptDate(host);
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
