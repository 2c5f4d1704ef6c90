// config.json to checked values: one line for each mistake, naming the key and what was expected. Knows no file and
// no board. Keys are whole paths ("mqtt.keepAlive"); the rows come from the firmware, the profile and the app.
// Values are never printed: they may be secrets.

import type { Bytes } from "./board";
import { ERROR, INFO, type Log, say } from "./log";
import { isTopicName, wellFormed } from "./mqtt/bytes";

/** Kinds of values. */
export const TEXT = 0;
export const NUMBER = 1;
export const BOOLEAN = 2;
export const TOPIC = 3;
/** A key that only another build has; its default says which. */
export const ELSEWHERE = 4;

/**
 * One key: its path, kind, least and most (bytes of a text, a whole number itself), default; without one it is
 * required.
 */
export type Row = [key: Bytes, kind: number, low: number, high: number, fallback?: Value];
export type Value = Bytes | number | boolean;
/** Every key of the rows with its value or default; true for an object that was given. */
export type Values = { [key: Bytes]: Value };

/** What every build knows. */
export const COMMON_ROWS: Row[] = [
  ["wifi.ssid", TEXT, 1, 32],
  ["wifi.password", TEXT, 0, 64, ""],
  ["wifi.hostname", TEXT, 0, 32, ""],
  ["mqtt.url", TEXT, 1, 2048],
  // No default here: it is the chip's, see boot.ts.
  ["mqtt.clientId", TEXT, 0, 65535, false],
  ["mqtt.keepAlive", NUMBER, 0, 65535, 45],
  ["mqtt.cleanSession", BOOLEAN, 0, 0, true],
  ["mqtt.maxPacket", NUMBER, 128, 1048576, 4096],
  ["log", NUMBER, 0, 4, INFO],
];

/**
 * Checks a parsed config.json. Prints each mistake, and a warning for each unknown key.
 * @returns the values, or undefined if there was a mistake
 */
export function readConfig(log: Log, rows: Row[], json: unknown): Values | undefined {
  const values: Values = {};
  let mistakes = 0;

  function mistake(key: Bytes, expected: Bytes): void {
    mistakes++;
    values[key] = ""; // so that it is not reported as missing, too
    say(log, ERROR, "config", key + ": expected " + expected);
  }

  function check(row: Row, value: unknown): void {
    const kind = row[1];
    const range = row[2] + ".." + row[3];
    if (kind === ELSEWHERE) {
      mistake(row[0], "nothing: it needs the build " + row[4]);
    } else if (kind === NUMBER) {
      if (typeof value === "number" && value % 1 === 0 && value >= row[2] && value <= row[3])
        values[row[0]] = value;
      else mistake(row[0], "a whole number " + range);
    } else if (kind === BOOLEAN) {
      if (typeof value === "boolean") values[row[0]] = value;
      else mistake(row[0], "true or false");
    } else {
      const text = typeof value === "string" && value.length >= row[2] && value.length <= row[3];
      if (!text) mistake(row[0], "text of " + range + " bytes");
      else if (!wellFormed(value as Bytes)) mistake(row[0], "UTF-8 text without \\u escapes above \\u007f");
      else if (kind === TOPIC && !isTopicName(value as Bytes))
        mistake(row[0], "a topic name, without + and #");
      else values[row[0]] = value as Bytes;
    }
  }

  /** Checks every key of an object; `path` is the object's own, with a dot behind it. */
  function walk(object: { [key: string]: unknown }, path: Bytes): void {
    for (const name in object) {
      const key = path + name;
      const value = object[name];
      let known = 0;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        if (row[0] === key) {
          known = 1;
          check(row, value);
        } else if (row[0].substr(0, key.length + 1) === key + ".") known = known || 2;
      }
      if (!known) say(log, INFO, "config", "warning: unknown key " + key + ", ignored");
      if (known > 1) {
        values[key] = true;
        if (isObject(value)) walk(value, key + ".");
        else mistake(key, "an object {...}");
      }
    }
  }

  if (isObject(json)) walk(json, "");
  else mistake("config.json", "a JSON object {...}: check its quotes, commas and braces");
  for (let i = 0; i < rows.length && isObject(json); i++) {
    const row = rows[i]!;
    if (values[row[0]] !== undefined || row[1] === ELSEWHERE) continue;
    if (row[4] === undefined) check(row, undefined);
    else values[row[0]] = row[4];
  }
  return mistakes ? undefined : values;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
