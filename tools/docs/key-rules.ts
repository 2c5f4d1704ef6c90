// What the firmware says of each key of config.json: found by asking its own judge, with a configuration that is empty and
// with values that no key takes. This is the only file of the docs that knows how a configuration is judged.

import type { PinConfig } from "../../src/app/config-file.ts";
import { readPins } from "../../src/app/device/pins.ts";
import type { DeviceWorld } from "../../src/app/device/record.ts";
import { device } from "../../src/app/device.ts";
import { hello } from "../../src/app/hello.ts";
import { signed } from "../../src/app/signed.ts";
import type { Board } from "../../src/board.ts";
import { judge } from "../../src/config/boot.ts";
import type { Report } from "../../src/config/check.ts";
import type { AppModule } from "../../src/link/power-on.ts";
import type { Profile } from "../../src/link/profile.ts";
import { full } from "../../src/profile/full.ts";
import { tiny } from "../../src/profile/tiny.ts";
import { v5 } from "../../src/profile/v5.ts";

export interface KeyRule {
  /** As in the log: `mqtt.keepAlive`. */
  key: string;
  /** What the log says is expected. */
  expected: string;
  required: boolean;
  /** Where it is not required; undefined: none. */
  fallback: unknown;
  /** Builds, or kinds of pins, that have the key. */
  where: string[];
}

type Json = Record<string, unknown>;

/** What a judge says of a configuration, as `key -> expected`; it fills in the defaults. */
type Judge = (config: Json) => Map<string, string>;

/** What the board says of itself where a default depends on it. */
const SERIAL = "<serial number>";

const chip = {} as DeviceWorld["chip"];
const pins = { unfit: () => "" } as unknown as DeviceWorld["pins"];
const hash = () => "x";
const pieces = { hashOfText: hash } as unknown as DeviceWorld["pieces"];
const world: DeviceWorld = { chip, pins, pieces, hmac: hash, transportName: () => "ws" };
const BUILDS: [name: string, app: AppModule, profile: Profile][] = [
  ["hello", hello, full],
  ["hello-tiny", hello, tiny],
  ["hello-v5", hello, v5],
  ["device", device(world), full],
  ["device-v5", device(world), v5],
  ["signed", signed(hash), full],
];

/** Objects that may be left out as a whole: the judge looks into them only where they are there. */
const OPTIONAL = ["mqtt.will", "mqtt.will.properties", "mqtt.properties", "device.update", "sign"];
/** Values that no key takes: one of the wrong type, and a text that is no topic, no URL, no name. */
const WRONG = [[-0.5], "#"];

/** The keys of config.json. */
export function keysOfConfig(): KeyRule[] {
  const found = BUILDS.map(([name, app, profile]): [string, KeyRule[]] => [
    name,
    rulesBy((config) =>
      mistakesOf((report) => {
        const keys = app.ownKeys(profile, boardOf());
        judge(boardOf(), report, { profile, ownKeys: keys }, config as never);
      }),
    ),
  ]);
  return merged(found);
}

/** The keys of a pin of the device. */
export function keysOfPins(): KeyRule[] {
  const path = "device.pins.it.";
  const found = ["output", "input", "analog", "pwm"].map((use): [string, KeyRule[]] => {
    const rules = rulesBy((config) => {
      const it = { use, ...config } as unknown as PinConfig;
      const lines = mistakesOf((report) => void readPins(report, world, { it }));
      Object.assign(config, it);
      return new Map([...lines].map(([key, expected]) => [key.replace(path, ""), expected]));
    });
    return [use, rules.map((rule) => (rule.key === "use" ? { ...rule, required: true } : rule))];
  });
  return merged(found);
}

function boardOf(): Board {
  return { serial: () => SERIAL } as Board;
}

/** The mistakes that are reported meanwhile. */
function mistakesOf(run: (report: Report) => void): Map<string, string> {
  const mistakes = new Map<string, string>();
  run((key, wrong) => {
    const [, expected] = /^expected (.*)$/.exec(wrong) ?? [];
    if (expected) mistakes.set(key, expected);
  });
  return mistakes;
}

function rulesBy(ask: Judge): KeyRule[] {
  const base = () => {
    const config: Json = {};
    for (const path of OPTIONAL) set(config, path, {});
    // Optional objects that this build lacks are mistakes by themselves.
    for (const [key] of ask(structuredClone(config))) if (OPTIONAL.includes(key)) remove(config, key);
    return config;
  };
  const filled = base();
  const required = ask(filled);
  const keys = [...leaves(filled), ...required.keys()].filter((key) => !OPTIONAL.includes(key));
  return [...new Set(keys)].flatMap((key) => {
    const expected = WRONG.map((wrong) => {
      const config = base();
      set(config, key, wrong);
      return ask(config).get(key) ?? "";
    });
    // Of another build only, or an object that is empty in this one.
    if (/^nothing: only|^an object \{\.\.\.\}; check/.test(expected[0]!)) return [];
    const words = [...new Set(expected.filter(Boolean).map((text) => text.replace(/; it .*/, "")))];
    return [
      { key, expected: words.join("; "), required: required.has(key), fallback: get(filled, key), where: [] },
    ];
  });
}

/** One list of what several builds have. */
function merged(found: [where: string, rules: KeyRule[]][]): KeyRule[] {
  const rules = new Map<string, KeyRule>();
  for (const [where, list] of found) {
    for (const rule of list) {
      const known = rules.get(rule.key);
      if (known) known.where.push(where);
      else rules.set(rule.key, { ...rule, where: [where] });
    }
  }
  return [...rules.values()];
}

function leaves(object: Json, path = ""): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const isGroup = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    return isGroup ? leaves(value as Json, `${path}${name}.`) : [path + name];
  });
}

function get(object: Json, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Json | undefined)?.[name], object);
}

function set(object: Json, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop()!;
  let at = object;
  for (const name of names) {
    at[name] ??= {};
    at = at[name] as Json;
  }
  at[last] = value;
}

function remove(object: Json, path: string): void {
  const names = path.split(".");
  const last = names.pop()!;
  delete (get(object, names.join(".")) as Json | undefined)?.[last];
  if (!names.length) delete object[last];
}
