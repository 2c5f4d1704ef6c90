// Everything of an upload that needs no board: the bundle, the configuration, the files that go with it.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Program } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { type Choice, readBundle, smallerBuild, withoutCrypto } from "../firmware.ts";
import { ownFile, userPath } from "../paths.ts";
import { askForConfig, canAsk } from "./ask.ts";
import {
  EXAMPLE,
  type Json,
  judgeConfig,
  mistakesIn,
  parseConfig,
  readConfig,
  refusePlaceholders,
} from "./config.ts";
import { type Load, loadOf, type Prepared, tlsIn, wants } from "./load.ts";
import { hasSetup, newPassword, setupLine } from "./setup-line.ts";
import type { File } from "./storage-files.ts";
import { type WsOptions, wsModule } from "./ws-module.ts";

type Say = (text: string) => void;

/** The files of the user's and the bundle, found good. */
interface Checked {
  program: Program;
  json: Json;
  bytes: Buffer;
  tls: Load["tls"];
  /** The client's certificate and key. */
  identity: File[];
}

/** Which bundle, whose configuration, which ws module. */
export type Sources = Choice & WsOptions & { config?: string };

/** Does everything that needs no board. Asks for a configuration that is not there, if there is a terminal. */
export async function prepare(options: Sources, say: Say): Promise<Prepared> {
  const checked = await checkFiles(options, say, async (program) => {
    const start = hasSetup(options) ? { setup: { password: newPassword() } } : {};
    if (canAsk()) return askForConfig(configFile(options), start, (json) => mistakesIn(program, json));
    const shown = relative(process.cwd(), configFile(options));
    throw new Failure(
      "config",
      `there is no ${shown}`,
      `copy ${relative(process.cwd(), EXAMPLE)} to ${shown} and put your Wi-Fi and broker there`,
    );
  });
  const { program, json, bytes, tls, identity } = checked!;
  const own = [...identity, { name: "config.json", bytes }];
  const { files, needs } = await filesOf(options, program, own, tls, say);
  const advice = hasSetup(options) ? { advice: setupLine(json) } : {};
  return { files, needs, level: typeof json.log === "number" ? json.log : 2, ...advice };
}

/** The same without a configuration, for boards whose owner is not known. */
export async function prepareWithout(options: Sources, say: Say): Promise<Prepared> {
  const program = await readBundle({ ...options, bundle: bundleOf(options) }, say);
  const none = { connects: false, accepts: false, psk: false };
  return { ...(await filesOf(options, program, [], none, say)), level: 2 };
}

/**
 * All files of an upload, and what they need of the board.
 * @param tls whether the broker is reached by the engine's TLS, whether that is allowed, whether by a pre-shared key
 */
async function filesOf(
  options: Sources,
  program: Program,
  own: File[],
  tls: Load["tls"],
  say: Say,
): Promise<Pick<Prepared, "files" | "needs">> {
  const advice = { smaller: smallerBuild(options), withoutCrypto: withoutCrypto(options) };
  const ws = wants(program, "ws") ? await wsModule(options, say) : undefined;
  return loadOf({ program, own, ws, tls }, advice);
}

/**
 * Reads the bundle, built where it is not up to date, and has it judge the configuration. Fetches nothing.
 * @param ask gives the configuration's text if the file is not there
 * @returns undefined if there is no configuration
 */
export async function checkFiles(
  options: Choice & { config?: string },
  say: Say,
  ask: (program: Program) => Promise<string | undefined> = async () => undefined,
): Promise<Checked | undefined> {
  const program = await readBundle({ ...options, bundle: bundleOf(options) }, say);
  const file = configFile(options);
  const shown = relative(process.cwd(), file);
  const text = readConfig(file, shown) ?? (await ask(program));
  if (text === undefined) return undefined;
  const { json, bytes } = parseConfig(text, shown);
  refusePlaceholders(json, shown);
  for (const remark of await judgeConfig(program, json, shown)) say(`${shown}: ${remark}`);
  const tls = tlsIn(json);
  return { program, json, bytes, tls, identity: tls.connects ? clientFiles(dirname(file)) : [] };
}

function bundleOf({ bundle }: Choice): string | undefined {
  return bundle === undefined ? undefined : userPath(bundle);
}

function configFile(options: { config?: string }): string {
  return options.config === undefined ? ownFile("config.json") : userPath(options.config);
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
