// `npm start -- --app device`: the pins of the virtual board and what the device says, with keys that press its buttons.
// On a terminal a block at the bottom; elsewhere lines, and commands as lines of the input. Knows no firmware.
import { createInterface } from "node:readline";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { EmbeddedBroker } from "./broker.ts";

/** A device to play with, where the configuration has none. */
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

/** Milliseconds of a press, and of a long one. */
const PRESS_MS = 150;
const HOLD_MS = 1200;
const HELP =
  "lines: press PIN, hold PIN, put PIN 0..1, send TOPIC PAYLOAD, quit; send is behind the device's own prefix";

interface PinConfig {
  pin: string;
  use: string;
  inverted?: boolean;
}

/** Prints a line above the block, if there is one. */
export let print = (line: string): void => console.log(line);

/** Shows the device until it is stopped, or for so many seconds; returns whether it was ever online. */
export async function showDevice(
  board: VirtualBoard,
  broker: EmbeddedBroker | undefined,
  config: unknown,
  timeoutS: number | undefined,
): Promise<boolean> {
  const { base = "devices", id, pins = {} } = (config ?? {}) as { base?: string; id?: string; pins?: object };
  const prefix = `${base}/${id ?? `esp32-${"a4cf1200-0001"}`}/`;
  // A pin with a mistake is the firmware's to name.
  const list = Object.entries(pins as Record<string, PinConfig>).filter(([, it]) =>
    board.pins.names.includes(it?.pin),
  );
  let online = false;
  let stop = () => {};
  const ended = new Promise<void>((done) => {
    stop = done;
  });
  if (broker) {
    broker.onHappening = (happening) => {
      if (happening.what !== "published" || !happening.topic.startsWith(prefix)) return;
      const { topic, payload } = happening;
      if (topic === `${prefix}status` && payload.includes('"online"')) online = true;
      print(`-- ${topic} ${Buffer.from(payload, "latin1").toString()}`);
    };
  }
  const press = (name: string, ms: number) => {
    const it = find(list, name);
    if (!it) return print(`-- no pin ${name}`);
    board.pins.put(it.pin, it.inverted ? 0 : 1);
    setTimeout(() => board.pins.put(it.pin, it.inverted ? undefined : 0), ms);
  };
  const put = (name: string, share: number) => {
    const it = find(list, name);
    if (it && share >= 0 && share <= 1) board.pins.put(it.pin, share);
    else print(`-- expected: put PIN 0..1`);
  };
  const send = (topic: string, payload: string) =>
    broker
      ? void broker.publish(prefix + topic, payload, 1)
      : print("-- send works with the demo's own broker");
  const close =
    process.stdin.isTTY && process.stdout.isTTY
      ? onTerminal(board, list, { press, put, send, stop })
      : onLines(board, list, { press, put, send, stop });
  const timer = timeoutS === undefined ? undefined : setTimeout(stop, timeoutS * 1000);
  process.once("SIGINT", stop);
  board.boot();
  await ended;
  clearTimeout(timer);
  close();
  return online || board.lines.some((line) => / mqtt CONNECTED /.test(line));
}

type Pins = [name: string, config: PinConfig][];

interface Hands {
  press(name: string, ms: number): void;
  put(name: string, share: number): void;
  send(topic: string, payload: string): void;
  stop(): void;
}

function find(list: Pins, name: string): PinConfig | undefined {
  return list.find(([other, it]) => other === name || it.pin === name)?.[1];
}

/** A pin as people see it. */
function stateOf(board: VirtualBoard, { pin, use, inverted }: PinConfig): string {
  if (use === "analog") return board.pins.voltage(pin).toFixed(2);
  const { out, hz } = board.pins.output(pin);
  const share = use === "input" ? board.pins.level(pin) : (out ?? 0);
  const active = inverted ? 1 - share : share;
  return use === "pwm" ? `${Math.round(active * 100)} % at ${hz} Hz` : active ? "on" : "off";
}

function onLines(board: VirtualBoard, list: Pins, { press, put, send, stop }: Hands): () => void {
  const last = new Map<string, string>();
  const end = board.pins.listen(() => {
    for (const [name, it] of list) {
      const state = stateOf(board, it);
      if (last.get(name) !== state) print(`-- pin ${name} ${it.pin}: ${state}`);
      last.set(name, state);
    }
  });
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    const [verb, what = "", ...rest] = line.trim().split(" ");
    if (verb === "press") press(what, PRESS_MS);
    else if (verb === "hold") press(what, HOLD_MS);
    else if (verb === "put") put(what, Number(rest[0]));
    else if (verb === "send") send(what, rest.join(" "));
    else if (verb === "quit") stop();
    else print(`-- ${HELP}`);
  });
  return () => {
    end();
    input.close();
  };
}

function onTerminal(board: VirtualBoard, list: Pins, { press, put, send, stop }: Hands): () => void {
  const { stdin, stdout } = process;
  const inputs = list.filter(([, it]) => it.use === "input");
  const outputs = list.filter(([, it]) => it.use === "output" || it.use === "pwm");
  const analog = list.filter(([, it]) => it.use === "analog");
  const keyOf = ([name]: [string, PinConfig]) => {
    const at = (some: Pins) => some.findIndex(([other]) => other === name);
    if (at(inputs) >= 0) return String(at(inputs) + 1);
    if (at(outputs) >= 0) return String.fromCharCode(97 + at(outputs));
    return at(analog) === 0 ? "+" : " ";
  };
  let drawn = 0;
  const erase = () => {
    if (drawn) stdout.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    const width = (stdout.columns || 80) - 1;
    const rows = list.map((entry) => {
      const [name, it] = entry;
      const state = stateOf(board, it);
      const lit = state === "off" || state.startsWith("0") ? state : `\x1b[1;33m${state}\x1b[0m`;
      return ` \x1b[7m${keyOf(entry)}\x1b[0m ${name.padEnd(12)} ${it.pin.padEnd(4)} ${it.use.padEnd(7)} ${lit}`;
    });
    const help = "keys: 1-9 press, h 1-9 hold, a-g toggle, + - voltage, q quit".slice(0, width);
    stdout.write(
      [`\x1b[2m${"-".repeat(Math.min(width, 72))}\x1b[0m`, ...rows, `\x1b[2m${help}\x1b[0m`].join("\n") +
        "\n",
    );
    drawn = rows.length + 2;
  };
  const before = print;
  print = (line) => {
    erase();
    stdout.write(`${line.slice(0, 400)}\n`);
    draw();
  };
  const end = board.pins.listen(draw);
  let hold = false;
  const onKey = (data: Buffer) => {
    const key = data.toString();
    const button = inputs[Number(key) - 1];
    const output = key >= "a" && key <= "g" && outputs[key.charCodeAt(0) - 97];
    if (key === "q" || key === "\x03") stop();
    else if (key === "h") hold = true;
    else if (button) {
      press(button[0], hold ? HOLD_MS : PRESS_MS);
      hold = false;
    } else if (output) send(`pin/${output[0]}/set`, "toggle");
    else if ((key === "+" || key === "-") && analog[0]) {
      const now = board.pins.voltage(analog[0][1].pin);
      put(
        analog[0][0],
        Math.min(1, Math.max(0, Math.round((now + (key === "+" ? 0.05 : -0.05)) * 100) / 100)),
      );
    }
  };
  stdin.setRawMode(true);
  stdin.on("data", onKey);
  draw();
  return () => {
    end();
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
    print = before;
  };
}
