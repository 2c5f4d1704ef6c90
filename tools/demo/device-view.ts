// `npm start -- --app device`: shows the pins of the virtual board and the device's messages, and lets people press its
// buttons. On a terminal by keys (device-terminal.ts), elsewhere by lines of the input (device-lines.ts).
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { EmbeddedBroker } from "./broker.ts";
import { controlsOf, type View } from "./device-controls.ts";
import { showLines } from "./device-lines.ts";
import { pinsOf } from "./device-pins.ts";
import { showBlock } from "./device-terminal.ts";

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

/** Shows the device until it is stopped, or for `timeoutS` seconds; returns whether it was ever online. */
export async function showDevice(
  board: VirtualBoard,
  broker: EmbeddedBroker | undefined,
  config: unknown,
  timeoutS: number | undefined,
): Promise<boolean> {
  const { base = "devices", id, pins = {} } = (config ?? {}) as { base?: string; id?: string; pins?: object };
  const prefix = `${base}/${id ?? `esp32-${"a4cf1200-0001"}`}/`;
  const list = pinsOf(board, pins);
  const wasOnline = broker ? printMessages(broker, prefix) : () => false;
  await new Promise<void>((stop) => {
    const controls = controlsOf({ board, pins: list, broker, prefix, print, stop });
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    view = (isTerminal ? showBlock : showLines)(board, list, controls);
    if (timeoutS !== undefined) setTimeout(stop, timeoutS * 1000).unref();
    process.once("SIGINT", stop);
    board.boot();
  });
  view?.close();
  view = undefined;
  return wasOnline() || board.lines.some((line) => / mqtt CONNECTED /.test(line));
}

/** Prints the device's messages; returns what tells whether one of them said "online". */
function printMessages(broker: EmbeddedBroker, prefix: string): () => boolean {
  let online = false;
  broker.onHappening = (happening) => {
    if (happening.what !== "published" || !happening.topic.startsWith(prefix)) return;
    const { topic, payload } = happening;
    if (topic === `${prefix}status` && payload.includes('"online"')) online = true;
    print(`-- ${topic} ${Buffer.from(payload, "latin1").toString()}`);
  };
  return () => online;
}
