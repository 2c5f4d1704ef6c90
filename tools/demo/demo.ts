// The demo: a broker, a virtual board with the built firmware, and what came of it. Knows the firmware only by what it
// prints.
import { RealClock } from "../../board/virtual/clock.ts";
import type { Program } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Failure } from "../failures.ts";
import { firstUrl } from "../flash/broker-url.ts";
import { EmbeddedBroker } from "./broker.ts";
import { type Config, isObject, merged, messageOf, wifiOf } from "./config.ts";
import { baseOf, DEMO, print, show } from "./device-view.ts";
import { livePage } from "./live-page.ts";
import type { StartOptions } from "./options.ts";
import { PskFront } from "./psk-front.ts";
import { judge, type Verdict, verdictOn } from "./verdict.ts";

/** The firmware's log level that the verdict needs at least. */
const INFO = 2;

/** Runs it; returns the exit code. */
export async function demo(code: Program, config: Config, options: StartOptions): Promise<number> {
  const greets = options.app === "hello" && (options.bundle ?? options.program) === undefined;
  if (options.app === "device") config.device = merged(config.device, {}, DEMO);
  const level = options.log ?? (typeof config.log === "number" ? config.log : INFO);
  const broker =
    isObject(config.mqtt) && !("url" in config.mqtt) ? await startBroker(options, greets, config) : undefined;
  const front = broker && options.tls ? await PskFront.start(broker.url) : undefined;
  if (broker) Object.assign(config.mqtt as object, front?.mqtt ?? { url: broker.url });
  else if ((options.port ?? options.tcpPort ?? options.tls) !== undefined)
    throw new Failure(
      "usage",
      "--port, --tcp-port and --tls are for the demo's own broker",
      "take mqtt.url out of the file",
    );
  // A level that is none is left to the firmware, which says so.
  if (config.log === undefined || (level >= 0 && level < INFO)) config.log = Math.max(level, INFO);
  const board = new VirtualBoard({
    code,
    files: { "config.json": JSON.stringify(config) },
    wifi: wifiOf(config),
    entropy: Date.now() >>> 0 || 1,
    clock: new RealClock(options.speed),
    release: options.engine,
    onLine: (line) => {
      if (isWanted(line, level)) print(line);
    },
  });
  const verdict = await (greets ? greet : watch)(board, broker, config, options);
  board.off();
  await front?.stop();
  await broker?.stop();
  if (verdict.ok) return 0;
  console.error(`No ${greets ? "hello" : "connection"}: ${verdict.reason}`);
  return 1;
}

/** `hello` is done when its message has come back. */
function greet(
  board: VirtualBoard,
  _broker: EmbeddedBroker | undefined,
  config: Config,
  options: StartOptions,
): Promise<Verdict> {
  return judge(board, options.timeoutS, messageOf(config), options.patient);
}

/** Every other application runs until it is stopped, and its messages are shown. */
async function watch(
  board: VirtualBoard,
  broker: EmbeddedBroker | undefined,
  config: Config,
  options: StartOptions,
): Promise<Verdict> {
  // One cluster: a client at any of several brokers hears the board.
  const at = isObject(config.mqtt) ? firstUrl(config.mqtt.url) : undefined;
  const client = broker ? undefined : (await import("./other-client.ts")).OtherClient.connect(at, print);
  const timeoutS = options.timed ? options.timeoutS : undefined;
  const device = options.app === "device" ? config.device : undefined;
  const verdict = await show(board, broker ?? client, device, config.app, timeoutS);
  client?.end();
  // A program of the user's own says by itself how it is connected.
  return options.program === undefined ? verdict : verdictOn(board);
}

/** Its port for TCP is there where there is time to use it. */
async function startBroker(options: StartOptions, greets: boolean, config: Config): Promise<EmbeddedBroker> {
  const { app, port, tcpPort } = options;
  const answer =
    app === "device" ? livePage(baseOf(config.device), (text) => print(`-- ${text}`)) : undefined;
  try {
    return await EmbeddedBroker.start({ port, tcpPort: tcpPort ?? (greets ? undefined : 0), answer });
  } catch (error) {
    const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number };
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new Failure("usage", `port ${taken} of this PC cannot be had (${code})`, "choose another");
  }
}

/** Lines of the firmware up to the wanted level; what the engine itself prints is always wanted. */
function isWanted(line: string, level: number): boolean {
  const found = /^[0-9a-f]+ ([1-4]) /.exec(line);
  return level > 0 && (!found || Number(found[1]) <= level);
}
