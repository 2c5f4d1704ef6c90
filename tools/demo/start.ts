// `npm start`: a broker, a virtual board with the built firmware, its serial log, and an exit code that says whether
// hello came back. Knows the firmware only by what it prints.
import { readFileSync } from "node:fs";
import { RealClock } from "../../board/virtual/clock.ts";
import { type Program, programOf } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "./broker.ts";
import { DEMO, print, showDevice } from "./device-view.ts";
import { readOptions, type StartOptions, USAGE, UsageError } from "./options.ts";
import { judge, type Verdict } from "./verdict.ts";

/** The mocked network; its password is as secret as this file. */
const WIFI = { ssid: "virtual", password: "virtual-password" };
/** The firmware's log level that the verdict needs at least. */
const INFO = 2;

type Config = Record<string, Record<string, unknown> | number | undefined>;

/** Runs the demo; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const code = readBundle(options);
  const config = readConfig(options);
  if (options.app === "device") config.device = merged(config.device, {}, DEMO);
  const level = options.log ?? (typeof config.log === "number" ? config.log : INFO);
  const broker = isObject(config.mqtt) && !("url" in config.mqtt) ? await EmbeddedBroker.start() : undefined;
  if (broker) Object.assign(config.mqtt as object, { url: broker.url });
  // A level that is none is left to the firmware, which says so.
  if (config.log === undefined || (level >= 0 && level < INFO)) config.log = Math.max(level, INFO);
  const board = new VirtualBoard({
    code,
    files: { "config.json": JSON.stringify(config) },
    wifi: wifiOf(config),
    entropy: Date.now() >>> 0 || 1,
    clock: new RealClock(options.speed),
    onLine: (line) => {
      if (isWanted(line, level)) print(line);
    },
  });
  if (options.app === "device") {
    const online = await showDevice(
      board,
      broker,
      config.device,
      options.timed ? options.timeoutS : undefined,
    );
    board.off();
    await broker?.stop();
    return online ? 0 : 1;
  }
  const verdict = await judge(board, options.timeoutS, message(config));
  board.off();
  await broker?.stop();
  return conclude(verdict);
}

function conclude(verdict: Verdict): number {
  if (verdict.ok) return 0;
  console.error(`No hello: ${verdict.reason}`);
  return 1;
}

function readBundle({ app, profile }: StartOptions): Program {
  const file = `dist/${app}${profile === "full" ? "" : `-${profile}`}.js`;
  try {
    return programOf(file);
  } catch {
    throw new UsageError(
      `There is no ${file}: build it with "npm run build", or choose another --app or --profile.`,
    );
  }
}

function readConfig(options: StartOptions): Config {
  const config = options.config === undefined ? {} : parseConfig(options.config);
  const { url, topic, message } = options;
  config.wifi = merged(config.wifi, {}, WIFI);
  config.mqtt = merged(config.mqtt, given({ url }));
  if (options.app !== "device") config.app = merged(config.app, given({ topic, message }));
  return config;
}

function parseConfig(file: string): Config {
  try {
    const config = JSON.parse(readFileSync(file, "utf8"));
    if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code !== undefined;
    throw new UsageError(`--config: ${file} ${missing ? "cannot be read" : "is not JSON"}.`);
  }
  throw new UsageError(`--config: ${file} must hold an object.`);
}

/** Options over what the file says. What is no object is left to the firmware, which says so. */
function merged(section: Config[string], options: object, defaults = {}): Config[string] {
  return section === undefined || isObject(section) ? { ...defaults, ...section, ...options } : section;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The access point is the one that the configuration wants. */
function wifiOf(config: Config): { ssid?: string; password?: string } {
  const { ssid } = isObject(config.wifi) ? config.wifi : {};
  return typeof ssid === "string" ? { ssid: Buffer.from(ssid, "utf8").toString("latin1") } : {};
}

function message(config: Config): string | undefined {
  const { message } = isObject(config.app) ? config.app : {};
  return message === undefined ? "hello" : typeof message === "string" ? message : undefined;
}

/** Lines of the firmware up to the wanted level; what the engine itself prints is always wanted. */
function isWanted(line: string, level: number): boolean {
  const found = /^[0-9a-f]+ ([1-4]) /.exec(line);
  return level > 0 && (!found || Number(found[1]) <= level);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
