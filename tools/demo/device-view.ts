// `npm start` with another application than `hello`: shows the pins of the virtual board and the messages, and lets people
// send and press buttons. On a terminal by keys (device-terminal.ts), elsewhere by lines of the input (device-lines.ts).
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "./broker.ts";
import { controlsOf, type View } from "./device-controls.ts";
import { showLines } from "./device-lines.ts";
import { pinsOf } from "./device-pins.ts";
import { showBlock } from "./device-terminal.ts";
import type { OtherClient } from "./other-client.ts";
import { failureOf, type Verdict } from "./verdict.ts";

/** The longest wait of Node's timers, in ms. */
const NEVER_MS = 2 ** 31 - 1;

/** A device to play with, for a configuration without one. */
export const DEMO = {
  id: "demo",
  telemetryS: 10,
  identify: "led",
  pins: {
    led: { pin: "D2", use: "output" },
    relay: { pin: "D5", use: "output", boot: "last" },
    button: { pin: "D4", use: "input", inverted: true, longMs: 800 },
    light: { pin: "D34", use: "analog", everyS: 1, scale: 100, delta: 1, unit: "%" },
    lamp: { pin: "D18", use: "pwm" },
  },
};

/** The view that is open, if any. */
let view: View | undefined;

/** Prints a line, above the block if there is one. */
export function print(line: string): void {
  if (view) view.print(line);
  else console.log(line);
}

/** A board that restarts is idle for a moment; after this many ms without anything to do it is done. */
const DONE_MS = 200;

/**
 * Shows the board until it is stopped, for `timeoutS` seconds, or until it has nothing more to do.
 * @param device the configuration of a device; undefined for another application
 * @param app what the configuration says of the application itself
 */
export async function show(
  board: VirtualBoard,
  other: EmbeddedBroker | OtherClient | undefined,
  device: unknown,
  app: unknown,
  timeoutS: number | undefined,
): Promise<Verdict> {
  const { id, pins = {} } = (device ?? {}) as { id?: string; pins?: object };
  const prefix = device === undefined ? "" : `${baseOf(device)}/${id ?? `esp32-${"a4cf1200-0001"}`}/`;
  const list = pinsOf(board, pins);
  await new Promise<void>((stop) => {
    const controls = controlsOf({ board, pins: list, other, prefix, print, stop });
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    view = (isTerminal ? showBlock : showLines)(board, list, controls);
    announce(other, device !== undefined);
    printMessages(other, prefix || topicOf(app));
    if (timeoutS !== undefined) setTimeout(stop, timeoutS * 1000).unref();
    process.once("SIGINT", stop);
    board.boot();
    void untilDone(board).then(stop);
  });
  view?.close();
  view = undefined;
  const ok = board.lines.some((line) => / mqtt CONNECTED /.test(line));
  return ok ? { ok } : { ok, reason: failureOf(board, false) ?? `the last line was: ${board.lines.at(-1)}` };
}

/** What the topics of a device begin with. */
export function baseOf(device: unknown): string {
  const { base } = (device ?? {}) as { base?: unknown };
  return typeof base === "string" ? base : "devices";
}

/** How others reach the demo's own broker. */
function announce(other: EmbeddedBroker | OtherClient | undefined, live: boolean): void {
  if (!(other instanceof EmbeddedBroker)) return;
  print(`-- the broker is at ${other.url}; by TCP: mosquitto_pub -p ${other.tcpPort} -t TOPIC -m PAYLOAD`);
  if (live) print(`-- the live page is at ${other.url.replace(/^ws(.*)\/mqtt$/, "http$1/")}`);
}

/** The topic of an application, if its configuration has one: others have messages below it. */
function topicOf(app: unknown): string {
  const { topic } = (app ?? {}) as { topic?: unknown };
  return typeof topic === "string" && topic && !/[+#]/.test(topic) ? `${topic}/` : "";
}

/** Prints the messages to topics that begin with the prefix, and to the topic before its last slash. */
function printMessages(other: EmbeddedBroker | OtherClient | undefined, prefix: string): void {
  // A terminal obeys control characters.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  const shown = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]/g, ".");
  other?.watch(`${prefix}#`, (topic, payload) => print(`-- ${shown(topic)} ${shown(`${payload}`)}`));
}

/** Resolves when the board has had nothing to do for a while: after a mistake in its configuration, or at its end. */
async function untilDone(board: VirtualBoard): Promise<void> {
  // Without a usable configuration a device waits at its access point. No phone joins it here.
  const begun = () => board.lines.some((line) => /^[0-9a-f]+ 2 boot device /.test(line));
  const done = () => board.idle || (board.ports.size > 0 && !begun());
  for (;;) {
    // Rejects when the board is off.
    await board.until(done, "the end", NEVER_MS).catch(() => {});
    await new Promise((done) => setTimeout(done, DONE_MS));
    if (done()) return;
  }
}
