// The configuration of the virtual board: a file, options over it, and what the demo itself provides. What is wrong in it
// is left to the firmware, which says so.
import { readFileSync } from "node:fs";
import { decodeConfig, parseJson } from "../config-text.ts";
import { Failure } from "../failures.ts";
import type { StartOptions } from "./options.ts";

/** The mocked network; its password is as secret as this file. */
const WIFI = { ssid: "virtual", password: "virtual-password" };

export type Config = Record<string, Record<string, unknown> | number | undefined>;

/** Throws a Failure where the file cannot be used at all. */
export function readConfig(options: StartOptions): Config {
  const config = options.config === undefined ? {} : parseConfig(options.config);
  const { url, topic, message } = options;
  config.wifi = merged(config.wifi, {}, WIFI);
  config.mqtt = merged(config.mqtt, given({ url }));
  if (options.app !== "device") config.app = merged(config.app, given({ topic, message }));
  return config;
}

function parseConfig(file: string): Config {
  const wrong = (what: string, remedy?: string) => new Failure("usage", `--config: ${file} ${what}`, remedy);
  let config: unknown;
  try {
    const read = decodeConfig(readFileSync(file));
    if ("wrong" in read) throw wrong(read.wrong, read.remedy);
    config = parseJson(read.text, (key) => wrong(`has half of a surrogate pair in ${key}`));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw wrong((error as NodeJS.ErrnoException).code === undefined ? "is not JSON" : "cannot be read");
  }
  if (!isObject(config)) throw wrong("must hold an object");
  return config as Config;
}

/** Options over what the file says. What is no object is left to the firmware, which says so. */
export function merged(section: Config[string], options: object, defaults = {}): Config[string] {
  return section === undefined || isObject(section) ? { ...defaults, ...section, ...options } : section;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The access point is the one that the configuration wants. */
export function wifiOf(config: Config): { ssid?: string; password?: string } {
  const { ssid } = isObject(config.wifi) ? config.wifi : {};
  return typeof ssid === "string" ? { ssid: Buffer.from(ssid, "utf8").toString("latin1") } : {};
}

export function messageOf(config: Config): string | undefined {
  const { message } = isObject(config.app) ? config.app : {};
  return message === undefined ? "hello" : typeof message === "string" ? message : undefined;
}
