// A configuration against its keys: each mistake is reported with its key and what was expected, each unknown key by its
// name, and defaults are filled in. Knows no file, no board and no log. Values are never reported: they may be secrets.

import type { Bytes } from "../board";
import { isTopicName, wellFormed } from "../mqtt/bytes";
import { CONFIG_FILE } from "./files";
import { parseUrl } from "./url";

/** Kinds of values. */
export const TEXT = 0;
export const NUMBER = 1;
export const BOOLEAN = 2;
export const TOPIC = 3;
/** A key that only another build has; the default names that build. Only the value `low` is accepted here. */
export const ELSEWHERE = 4;
/** A text that src/config/url.ts understands, or a list, which src/config/servers.ts judges. */
export const URL = 5;

/** A check for one key: returns the expected value in words, "" when the value is good. */
export type Check = (value: unknown) => Bytes;

/**
 * Receives each mistake: the key, and what is wrong, as "expected ..."; "" means that the key does not exist. Boot prints
 * mistakes, the module throws the first one, the device answers with it.
 */
export type Report = (key: Bytes, wrong: Bytes) => void;

/** A value: kind, least and most (bytes of a text, a whole number itself), default; without one it is required. */
export type Rule = [kind: number | Check, low: number, high: number, fallback?: unknown];

/** The keys of an object. The key "?" says that the whole object may be left out. */
export interface Schema {
  [key: Bytes]: Rule | Schema | true;
}

/**
 * Checks a parsed configuration and fills in its defaults.
 * @param path what the names of its keys begin with where it is a part of the file
 * @returns the number of mistakes
 */
export function checkConfig(report: Report, schema: Schema, json: unknown, path = ""): number {
  let mistakes = 0;

  function mistake(key: Bytes, expected: Bytes): void {
    mistakes++;
    report(key, "expected " + expected);
  }

  function checkValue(key: Bytes, rule: Rule, value: unknown): void {
    const kind = rule[0];
    const range = rule[1] + ".." + rule[2];
    const size = kind === NUMBER ? value : typeof value === "string" ? value.length : -1;
    const fits = typeof size === "number" && size >= rule[1] && size <= rule[2] && size % 1 === 0;
    if (typeof kind === "function") {
      const expected = kind(value);
      if (expected) mistake(key, expected);
    } else if (kind === ELSEWHERE)
      value === rule[1] || mistake(key, "nothing: only the build " + rule[3] + " has it");
    else if (kind === BOOLEAN) value === !!value || mistake(key, "true or false");
    else if (kind === URL && Array.isArray(value)) return;
    else if (!fits) mistake(key, kind === NUMBER ? "a whole number " + range : "text of " + range + " bytes");
    else if (kind === NUMBER) return;
    else if (!wellFormed(value as Bytes)) mistake(key, "UTF-8, and no \\u escapes above \\u007f");
    else if (kind === TOPIC && !isTopicName(value as Bytes)) mistake(key, "a topic without + and #");
    else if (kind === URL) {
      const url = parseUrl(value as Bytes);
      if (typeof url === "string")
        mistake(key, "ws://[user[:password]@]host[:port][/path], or wss://; it " + url);
    }
  }

  /** `key` names the object, `path` is what its keys begin with. */
  function checkObject(key: Bytes, path: Bytes, rules: Schema, object: unknown): void {
    if (!isObject(object)) return mistake(key, "an object {...}; check quotes, commas and braces");
    for (const name in object) {
      if (!rules.hasOwnProperty(name) || rules[name] === true) report(path + name, "");
    }
    for (const name in rules) {
      const rule = rules[name]!;
      if (rule === true) continue;
      if (object[name] !== undefined) {
        if (Array.isArray(rule)) checkValue(path + name, rule as Rule, object[name]);
        else checkObject(path + name, path + name + ".", rule as Schema, object[name]);
      } else if (!Array.isArray(rule)) {
        if (!(rule as Schema)["?"]) {
          object[name] = {};
          checkObject("", path + name + ".", rule as Schema, object[name]);
        }
      } else if (rule.length < 4) checkValue(path + name, rule as Rule, undefined);
      else if (rule[0] !== ELSEWHERE) object[name] = rule[3];
    }
  }

  checkObject(path || CONFIG_FILE, path && path + ".", schema, json);
  return mistakes;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
