// The device: JsVars connected, its first messages sent, four pins, one of each kind, code in flash; and
// instructions from a command for a pin to the pin. Builds the bundle itself. It checks no budget.
import { BOOT_CODE, type Program, programIn, scriptOf } from "../../board/virtual/program.ts";
import { buildRow } from "../../build/own.ts";
import { Engine } from "../../test/engine/engine.ts";
import type { CommandCost } from "../report.ts";
import { Counted, MARK } from "./handler-cost.ts";
import type { Place } from "./measure.ts";
import type { Ports } from "./stack.ts";
import { WIFI } from "./stacks.ts";
import { StepBroker } from "./step-broker.ts";

const PINS = {
  relay: { pin: "D5", use: "output" },
  key: { pin: "D4", use: "input", longMs: 500 },
  level: { pin: "D14", use: "analog", everyS: 10, scale: 3.3, delta: 0.1, unit: "V" },
  lamp: { pin: "D18", use: "pwm" },
};
/** Functions that a Linux build lacks. */
const STUBS = "function analogRead(){return .5}function analogWrite(){}\n";
/** Milliseconds until all first messages are sent. */
const QUIET_MS = 3000;

async function used(program: Program, files: Record<string, string>, ready?: RegExp): Promise<number> {
  const boot = STUBS + program[BOOT_CODE];
  const engine = new Engine({ ...files, ...program, [BOOT_CODE]: boot }).boot();
  if (ready) await engine.line(ready);
  await new Promise((done) => setTimeout(done, QUIET_MS));
  engine.type('print("memory", process.memory().usage)');
  const line = await engine.line(/^memory \d/);
  await engine.off();
  return Number(line.split(" ")[1]);
}

function configOf(ports: Ports, pins: object, more: object = {}): string {
  return JSON.stringify({
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt`, clientId: "bench" },
    device: { id: "bench", telemetryS: 600, pins, ...more },
  });
}

/** JsVars above those of an idle engine, with the lean handshake. `more` is further configuration of the device. */
export async function deviceConnected(ports: Ports, pins: object = PINS, more: object = {}): Promise<number> {
  const files = { "config.json": configOf(ports, pins, more) };
  const nothing = { [BOOT_CODE]: 'require("Wifi");' };
  const program = programIn(await buildRow("device-lean"));
  return (await used(program, files, / mqtt CONNECTED /)) - (await used(nothing, files));
}

/** Commands that are measured. */
const COMMANDS = 4;
/** Each time the pin is written, callgrind begins a new section. */
const MARKED_PIN = `function digitalWrite(){${MARK.script}}\n`;

/** Instructions inside the handlers for `pin/relay/set`, at the default log level. Needs valgrind. */
export async function commandCost(place: Place, qos: 0 | 1, name = "device-lean"): Promise<CommandCost> {
  const broker = await StepBroker.start();
  const { [BOOT_CODE]: _, ...program } = programIn(await buildRow(name));
  const stack = {
    name,
    modules: {},
    files: { ...program, Wifi: WIFI, "config.json": configOf(broker.ports, PINS) },
    program: STUBS + MARKED_PIN + scriptOf(program),
    longest: 1000,
    maxQos: 1 as const,
    many: false,
  };
  const counted = await Counted.start(stack, broker, place, false);
  try {
    // Marks of the beginning.
    let [marks, toPin, all] = [0, 0, 0];
    await counted.mark();
    for (let i = 0; i < COMMANDS; i++) {
      const [acknowledged, published] = [broker.count("puback"), broker.count("publish")];
      broker.publish("devices/bench/pin/relay/set", i % 2 ? "off" : "on", qos);
      if (qos) await broker.until("puback", acknowledged + 1);
      await broker.until("publish", published + 1);
      await counted.quiet();
      await counted.mark();
      marks += 2;
    }
    const sections = (await counted.end()).slice(-marks);
    for (let i = 0; i < marks; i += 2) {
      toPin += sections[i]! / COMMANDS;
      all += (sections[i]! + sections[i + 1]!) / COMMANDS;
    }
    return { toPin: Math.round(toPin), all: Math.round(all) };
  } finally {
    await counted.off();
    broker.stop();
  }
}
