// Numbers as Espruino writes, reads and rounds them. The differences from the standard are in test/virtual/built-ins.json.
// An operator cannot be replaced: `"" + 0.1` and `+"010"` are the standard's here (engine 4).
import type { Fn, Obj, Realm } from "./realm.ts";

/** What is left of a number when the engine stops writing it. */
const STOP_AT = 1e-7;
/** Most digits behind the point. */
const DIGITS = 11;

/** Replaces the functions of numbers that differ. */
export function adaptNumbers(realm: Realm): void {
  const { Number: number, Math: math } = realm.global as { Number: Obj; Math: Obj };
  const parse = realm.global.parseInt as Fn;
  realm.define(number.prototype as Obj, {
    toString(this: unknown, radix?: number) {
      return written(Number(this), radix ?? 10, -1);
    },
    toFixed(this: unknown, digits?: number) {
      return written(Number(this), 10, Math.min(Math.max(digits ?? 0, 0), 20));
    },
  });
  realm.define(math, {
    // Away from zero, where the standard rounds up.
    round(value: unknown) {
      const number = Number(value);
      if (!Number.isFinite(number)) return number;
      return number < 0 ? -Math.floor(0.5 - number) : Math.floor(number + 0.5);
    },
  });
  realm.define(realm.global, {
    // A zero in front begins a number of another radix, as in a program.
    parseFloat(text: unknown) {
      const [, sign, digits] =
        /^\s*([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+$)/.exec(String(text)) ?? [];
      if (!digits) return Number.parseFloat(String(text));
      const value = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
      return sign === "-" ? -value : value;
    },
    // The engine counts in 64 bits.
    parseInt(text: unknown, radix?: number) {
      const number = Reflect.apply(parse, undefined, [text, radix] as never[]) as number;
      return !(Math.abs(number) >= 2 ** 63)
        ? number
        : Number(BigInt.asIntN(64, digitsOf(String(text), radix ?? 10)));
    },
  });
}

function digitsOf(text: string, radix: number): bigint {
  let value = 0n;
  for (const digit of text.trim().replace(/^[-+]/, "")) {
    const one = Number.parseInt(digit, radix);
    if (Number.isNaN(one)) break;
    value = value * BigInt(radix) + BigInt(one);
  }
  return text.trim().startsWith("-") ? -value : value;
}

/** A number as text. With `digits` of 0 and more, that many stand behind the point; below, as many as it has. */
export function written(number: number, radix: number, digits: number): string {
  if (!Number.isFinite(number)) return String(number);
  const sign = number < 0 ? "-" : "";
  const scaled =
    radix === 10 && digits < 0 ? scale(Math.abs(number)) : { value: Math.abs(number), exponent: 0 };
  let { value } = scaled;
  if (Math.floor(value + STOP_AT) === Math.floor(value) + 1) value = Math.floor(value) + 1;
  const whole = Math.floor(value);
  const exponent = scaled.exponent ? `e${scaled.exponent > 0 ? "+" : ""}${scaled.exponent}` : "";
  return sign + BigInt(whole).toString(radix) + behindPoint(value - whole, radix, digits) + exponent;
}

/** Huge and tiny numbers get an exponent. */
function scale(value: number): { value: number; exponent: number } {
  let exponent = 0;
  if (value >= 1e21) {
    for (; value > 100_000; exponent += 5) value /= 100_000;
    for (; value > 10; exponent++) value /= 10;
  } else if (value > 0 && value < 1e-6) {
    for (; value < 1e-5; exponent -= 5) value *= 100_000;
    for (; value < 1; exponent--) value *= 10;
  }
  return { value, exponent };
}

function behindPoint(rest: number, radix: number, digits: number): string {
  if (digits < 0 ? rest <= 0 : digits === 0) return "";
  let text = "";
  let left = rest * radix;
  for (let n = digits < 0 ? DIGITS : digits; n > 0 && (digits >= 0 || left > STOP_AT); n--) {
    // Only toFixed rounds, its last digit.
    const digit = Math.floor(left + (digits >= 0 && n === 1 ? 0.5 : 1e-8));
    left = (left - digit) * radix;
    text += Math.min(digit, radix - 1).toString(radix);
  }
  return text && `.${text}`;
}
