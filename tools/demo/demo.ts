// The demo: a broker, a virtual board with the built firmware, and what came of it. Knows the firmware only by what it
// prints.
import { RealClock } from "../../board/virtual/clock.ts";
import type { Program } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "./broker.ts";
import { type Config, isObject, merged, messageOf, wifiOf } from "./config.ts";
import { DEMO, print, showDevice } from "./device-view.ts";
import type { StartOptions } from "./options.ts";
import { judge, type Verdict } from "./verdict.ts";

/** The firmware's log level that the verdict needs at least. */
const INFO = 2;

/** Runs it; returns the exit code. */
export async function demo(code: Program, config: Config, options: StartOptions): Promise<number> {
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
    release: options.engine,
    onLine: (line) => {
      if (isWanted(line, level)) print(line);
    },
  });
  const timeoutS = options.timed ? options.timeoutS : undefined;
  const exit =
    options.app === "device"
      ? Number(!(await showDevice(board, broker, config.device, timeoutS)))
      : conclude(await judge(board, options.timeoutS, messageOf(config)));
  board.off();
  await broker?.stop();
  return exit;
}

function conclude(verdict: Verdict): number {
  if (verdict.ok) return 0;
  console.error(`No hello: ${verdict.reason}`);
  return 1;
}

/** Lines of the firmware up to the wanted level; what the engine itself prints is always wanted. */
function isWanted(line: string, level: number): boolean {
  const found = /^[0-9a-f]+ ([1-4]) /.exec(line);
  return level > 0 && (!found || Number(found[1]) <= level);
}
