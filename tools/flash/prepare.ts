// Everything of an upload that needs no board: the bundle, the configuration, the files that go with it.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Program } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { modulesIn, readBundle, smallerBuild, withoutCrypto } from "../firmware.ts";
import type { FlashOptions } from "../options.ts";
import { ROOT, userPath } from "../paths.ts";
import { askForConfig, canAsk } from "./ask.ts";
import { type Json, judgeConfig, mistakesIn, parseConfig, readConfig, refusePlaceholders } from "./config.ts";
import type { Needs } from "./inspect.ts";
import { type File, storedBytes } from "./storage-files.ts";
import { wsModule } from "./ws-module.ts";

type Say = (text: string) => void;

/** All that is known before a board is touched. */
export interface Prepared {
  files: File[];
  needs: Needs;
  /** The log level in the configuration. */
  level: number;
}

/** The files of the user's and the bundle, found good. */
interface Checked {
  program: Program;
  json: Json;
  bytes: Buffer;
  /** Whether the broker is reached by the engine's own TLS, or by TLS with a pre-shared key. */
  tls: boolean;
  psk: boolean;
  /** The client's certificate and key. */
  identity: File[];
}

/** Does everything that needs no board. Asks for a configuration that is not there, if there is a terminal. */
export async function prepare(options: FlashOptions, say: Say): Promise<Prepared> {
  const checked = await checkFiles(options, say, async (program) => {
    if (canAsk()) return askForConfig(configFile(options), (json) => mistakesIn(program, json));
    const shown = relative(process.cwd(), configFile(options));
    throw new Failure(
      "config",
      `there is no ${shown}`,
      `copy board/config.example.json to ${shown} and put your Wi-Fi and broker there`,
    );
  });
  const { program, json, bytes, tls, psk, identity } = checked!;
  // Without crypto the firmware says what it cannot do (a signature, a check of the handshake), and works.
  const wanted = modulesIn(...Object.values(program)).filter((name) => name !== "crypto");
  const files: File[] = [...identity, { name: "config.json", bytes }];
  for (const [name, text] of Object.entries(program))
    files.push({ name, bytes: Buffer.from(text, "latin1") });
  if (wanted.includes("ws")) {
    const ws = wsModule(options, say);
    files.unshift({ name: "ws", bytes: ws });
    wanted.push(...modulesIn(ws.toString("latin1")));
  }
  // TLS with a key is made of its AES.
  if (psk) wanted.push("crypto");
  // Only wss:// without a key needs TLS. Without it, a board that lacks TLS is accepted.
  const modules = [...new Set(wanted)].filter((name) => name !== "ws" && (name !== "tls" || tls));
  const advice = { smaller: smallerBuild(options), withoutCrypto: withoutCrypto(options) };
  const accepts = tls || (json.mqtt as Json).tls === "unverified";
  const needs = { modules, bytes: storedBytes(files), tls: accepts, ...advice };
  return { files, needs, level: typeof json.log === "number" ? json.log : 2 };
}

/**
 * Reads the bundle, built where it is not up to date, and has it judge the configuration. Fetches nothing.
 * @param ask gives the configuration's text if the file is not there
 * @returns undefined if there is no configuration
 */
export async function checkFiles(
  options: FlashOptions,
  say: Say,
  ask: (program: Program) => Promise<string | undefined> = async () => undefined,
): Promise<Checked | undefined> {
  const bundle = options.bundle === undefined ? undefined : userPath(options.bundle);
  const program = await readBundle({ ...options, bundle }, say);
  const file = configFile(options);
  const shown = relative(process.cwd(), file);
  const text = readConfig(file, shown) ?? (await ask(program));
  if (text === undefined) return undefined;
  const { json, bytes } = parseConfig(text, shown);
  refusePlaceholders(json, shown);
  for (const remark of await judgeConfig(program, json, shown)) say(`${shown}: ${remark}`);
  const mqtt = json.mqtt as Json;
  const psk = typeof mqtt.tls === "object";
  const tls = !psk && /^wss:/i.test(String(mqtt.url));
  return { program, json, bytes, tls, psk, identity: tls ? clientFiles(dirname(file)) : [] };
}

function configFile(options: FlashOptions): string {
  return options.config === undefined ? join(ROOT, "board/config.json") : userPath(options.config);
}

/** A client's certificate and key for TLS, in DER, if they are beside the configuration. */
function clientFiles(folder: string): File[] {
  return ["client.crt", "client.key"].flatMap((name) => {
    const file = join(folder, name);
    if (!existsSync(file)) return [];
    const bytes = readFileSync(file);
    // A SEQUENCE with its length in two bytes; the firmware accepts no other form.
    if (bytes[0] !== 0x30 || bytes[1] !== 0x82)
      throw new Failure(
        "file",
        `${relative(process.cwd(), file)} is not DER`,
        "convert it with openssl, see docs/security.md",
      );
    return [{ name, bytes }];
  });
}
