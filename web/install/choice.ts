// The choice: a program of the table, and a configuration that this program itself has judged, as flash.sh does it.

import { FILES } from "virtual:files";
import { programIn } from "../../board/virtual/program.ts";
import { whole } from "../../tools/flash/broker-url.ts";
import {
  type Json,
  judgeConfig,
  mistakesIn,
  parseConfig,
  refusePlaceholders,
} from "../../tools/flash/config.ts";
import { loadOf, type Prepared, tlsIn } from "../../tools/flash/load.ts";
import { hasSetup, setupLine } from "../../tools/flash/setup-line.ts";

/** Programs of the page by their names, with their handshake of their own. */
export const PROGRAMS = Object.keys(FILES)
  .map((file) => /^dist\/(.*-lean)\.js$/.exec(file)?.[1])
  .filter((name) => name !== undefined)
  // The one without code first.
  .sort();

const CONFIG = "config.json";
/** The log level of a configuration without one. */
const USUAL_LEVEL = 2;

export function programNamed(name: string) {
  return programIn({ code: FILES[`dist/${name}.js`]! });
}

/** What the form holds. */
export interface Form {
  program: string;
  ssid: string;
  password: string;
  url: string;
  unverified: boolean;
  id: string;
  pins: { name: string; pin: string; use: string }[];
  /** The rest of the configuration, as JSON. */
  rest: string;
}

export function isDevice({ program }: Form): boolean {
  return program.startsWith("device");
}

/** The configuration of a form. Throws a Failure where the rest is no JSON. */
export function configOf(form: Form): Json {
  const json = form.rest.trim() ? parseConfig(form.rest, "the rest").json : {};
  const part = (name: string) => ({ ...(json[name] as Json | undefined) });
  json.wifi = { ...part("wifi"), ssid: form.ssid, password: form.password };
  json.mqtt = {
    ...part("mqtt"),
    ...(form.url && { url: whole(form.url) }),
    ...(form.unverified && { tls: "unverified" }),
  };
  // Other programs read past it: one file serves all.
  if (!isDevice(form) && !form.id && !form.pins.length) return json;
  const device = part("device");
  const old = { ...(device.pins as Json | undefined) };
  const pins = form.pins.filter(({ name, pin }) => name || pin);
  json.device = {
    ...device,
    ...(form.id && { id: form.id }),
    pins: Object.fromEntries(
      pins.map(({ name, pin, use }) => [name, { ...(old[name] as Json | undefined), pin, use }]),
    ),
  };
  return json;
}

/** The form of a configuration, for example of a board's. */
export function formOf(program: string, json: Json): Form {
  const rest = structuredClone(json) as Record<string, Record<string, unknown> | undefined>;
  const take = (part: string, key: string) => {
    const value = rest[part]?.[key];
    if (rest[part]) delete rest[part][key];
    return value;
  };
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const pins = (rest.device?.pins ?? {}) as Record<string, { pin?: unknown; use?: unknown } | null>;
  const form = {
    program,
    ssid: text(take("wifi", "ssid")),
    password: text(take("wifi", "password")),
    // Several brokers stay with the rest.
    url: Array.isArray(rest.mqtt?.url) ? "" : text(take("mqtt", "url")),
    // A pre-shared key stays with the rest.
    unverified: rest.mqtt?.tls === "unverified" && take("mqtt", "tls") === "unverified",
    id: text(take("device", "id")),
    pins: Object.entries(pins).map(([name, row]) => ({ name, pin: text(row?.pin), use: text(row?.use) })),
  };
  for (const part of ["wifi", "mqtt"]) if (rest[part] && !Object.keys(rest[part]).length) delete rest[part];
  return { ...form, rest: JSON.stringify(rest, null, 2) };
}

/** Every mistake, as "<key>: <what is expected>". */
export function mistakesOf(form: Form): Promise<string[]> {
  return mistakesIn(programNamed(form.program), configOf(form));
}

/** All that an upload needs, judged. Throws a Failure. @param say hears remarks */
export async function preparedOf(form: Form, say: (text: string) => void): Promise<Prepared> {
  const program = programNamed(form.program);
  const { json, bytes } = parseConfig(JSON.stringify(configOf(form)), CONFIG);
  refusePlaceholders(json, CONFIG);
  for (const remark of await judgeConfig(program, json, CONFIG)) say(`${CONFIG}: ${remark}`);
  const { log } = json;
  const advice = { smaller: "", withoutCrypto: "write an Espruino that has it" };
  const load = loadOf({ program, own: [{ name: CONFIG, bytes }], tls: tlsIn(json) }, advice);
  const setup = hasSetup({ bundle: form.program }) ? { advice: setupLine(json) } : {};
  return { ...load, level: typeof log === "number" ? log : USUAL_LEVEL, ...setup };
}
