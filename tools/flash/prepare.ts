// Everything of an upload that needs no board: the bundle, the configuration, the files that go with it.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Program } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { readBundle, smallerBuild, withoutCrypto } from "../firmware.ts";
import type { FlashOptions } from "../options.ts";
import { ROOT, userPath } from "../paths.ts";
import { askForConfig, canAsk } from "./ask.ts";
import { type Json, judgeConfig, mistakesIn, parseConfig, readConfig, refusePlaceholders } from "./config.ts";
import { loadOf, type Prepared, wants } from "./load.ts";
import type { File } from "./storage-files.ts";
import { wsModule } from "./ws-module.ts";

type Say = (text: string) => void;

/** The files of the user's and the bundle, found good. */
interface Checked {
  program: Program;
  json: Json;
  bytes: Buffer;
  /** Whether the broker is reached by wss://. */
  tls: boolean;
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
  const { program, json, bytes, tls, identity } = checked!;
  const advice = { smaller: smallerBuild(options), withoutCrypto: withoutCrypto(options) };
  const ws = wants(program, "ws") ? wsModule(options, say) : undefined;
  return loadOf({ program, json, bytes, tls, identity, ws }, advice);
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
  const tls = /^wss:/i.test(String((json.mqtt as Json).url));
  return { program, json, bytes, tls, identity: tls ? clientFiles(dirname(file)) : [] };
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
