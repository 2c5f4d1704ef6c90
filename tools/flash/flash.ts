// flash.sh, from a bare board to a readable log: the order of the steps. Everything that can be checked without the
// board is checked first. Each step is a file of its own.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Program } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { finish } from "../finish.ts";
import { modulesIn, readBundle } from "../firmware.ts";
import { FLASH_USAGE, type FlashOptions, flashOptions } from "../options.ts";
import { ROOT, userPath } from "../paths.ts";
import { Espruino } from "../serial/espruino.ts";
import { choosePort } from "../serial/ports.ts";
import { SerialLine } from "../serial/serial.ts";
import { askForConfig, canAsk } from "./ask.ts";
import { judgeConfig, parseConfig, readConfig, refusePlaceholders } from "./config.ts";
import { esptoolCalls, findEsptool, runEsptool } from "./esptool.ts";
import { follow } from "./follow.ts";
import { STORAGE_ADDRESS, storageImage } from "./image.ts";
import { plan } from "./plan.ts";
import { uploadTo } from "./session.ts";
import { type File, storedBytes } from "./upload.ts";
import { wsModule } from "./ws-module.ts";

const say = (text: string) => console.log(text);

async function main(args: string[]): Promise<number> {
  const options = flashOptions(args);
  if (options.help) {
    process.stdout.write(FLASH_USAGE);
    return 0;
  }
  if (options.dryRun) {
    process.stdout.write(plan(options, options.port ?? (await choosePort(undefined).catch(() => "PORT"))));
    return 0;
  }
  const { files, modules, level } = await prepare(options);
  if (options.image !== undefined) return writeImage(options.image, files);
  const port = await choosePort(options.port);
  if (options.firmware !== undefined) await writeEspruino(options, port, options.firmware);
  return onBoard(options, port, files, modules, level);
}

/** Does everything that needs no board. */
async function prepare(options: FlashOptions): Promise<{ files: File[]; modules: string[]; level: number }> {
  const given = options.bundle === undefined ? undefined : userPath(options.bundle);
  const program = await readBundle({ ...options, bundle: given }, say);
  const { json, bytes } = await config(options, program);
  const wanted = modulesIn(...Object.values(program));
  const files: File[] = [{ name: "config.json", bytes }];
  for (const [name, text] of Object.entries(program))
    files.push({ name, bytes: Buffer.from(text, "latin1") });
  if (wanted.includes("ws")) {
    const ws = wsModule(options, say);
    files.unshift({ name: "ws", bytes: ws });
    wanted.push(...modulesIn(ws.toString("latin1")));
  }
  // Only wss:// needs TLS. Without it, a board that lacks TLS is accepted.
  const tls = String((json.mqtt as { url?: unknown }).url).startsWith("wss:");
  if (tls) files.unshift(...clientFiles(options));
  const modules = [...new Set(wanted)].filter((name) => name !== "ws" && (name !== "tls" || tls));
  return { files, modules, level: typeof json.log === "number" ? json.log : 2 };
}

/** A client's certificate and key for TLS, in DER, if they are beside the configuration. */
function clientFiles(options: FlashOptions): File[] {
  const folder = options.config === undefined ? join(ROOT, "board") : dirname(userPath(options.config));
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

async function config(options: FlashOptions, program: Program) {
  const file = options.config === undefined ? join(ROOT, "board/config.json") : userPath(options.config);
  const shown = relative(process.cwd(), file);
  const text = readConfig(file, shown) ?? (canAsk() ? await askForConfig(file) : undefined);
  if (text === undefined) {
    throw new Failure(
      "config",
      `there is no ${shown}`,
      `copy board/config.example.json to ${shown} and put your Wi-Fi and broker there`,
    );
  }
  const parsed = parseConfig(text, shown);
  refusePlaceholders(parsed.json, shown);
  for (const remark of await judgeConfig(program, parsed.json, shown)) say(`${shown}: ${remark}`);
  return parsed;
}

function writeImage(file: string, files: File[]): number {
  try {
    // It contains the password of the Wi-Fi.
    writeFileSync(userPath(file), storageImage(files), { mode: 0o600 });
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("file", `${file} cannot be written`);
  }
  say(
    `${file} is a Storage image, your configuration included: esptool write-flash 0x${STORAGE_ADDRESS.toString(16)} ${file}`,
  );
  return 0;
}

async function writeEspruino(options: FlashOptions, port: string, folder: string): Promise<void> {
  const tool = findEsptool();
  if (!tool) throw new Failure("esptool", "there is no esptool on the PATH");
  for (const call of esptoolCalls(tool, port, folder, options.erase)) {
    say(`running ${call.join(" ")}`);
    await runEsptool(call);
  }
}

async function onBoard(
  options: FlashOptions,
  port: string,
  files: File[],
  modules: string[],
  level: number,
): Promise<number> {
  const line = await SerialLine.open(port);
  const espruino = new Espruino(line, port);
  const interrupt = () => espruino.fail(new Failure("interrupted", "stopped in the middle of the upload"));
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  let log: string[];
  try {
    const needs = { modules, bytes: storedBytes(files) };
    const fresh = options.firmware !== undefined;
    log = await uploadTo(
      espruino,
      line,
      { files, needs, fresh, noBle: options.noBle, erase: options.erase && !fresh },
      say,
    );
  } catch (error) {
    await line.close();
    throw error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  return follow(port, line, options, level, log);
}

await finish(() => main(process.argv.slice(2)));
