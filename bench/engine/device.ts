// The memory of a chip that the device needs: connected, its first messages sent, four pins, one of each kind, code in
// flash. Builds the bundle itself. It checks no budget.
import { BOOT_CODE, type Program, programIn } from "../../board/virtual/program.ts";
import { buildRow } from "../../build/own.ts";
import { Engine } from "../../test/engine/engine.ts";
import type { Ports } from "./stacks.ts";

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

/** JsVars above those of an idle engine, with the lean handshake. `more` is further configuration of the device. */
export async function deviceConnected(ports: Ports, pins: object = PINS, more: object = {}): Promise<number> {
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt`, clientId: "bench" },
    device: { id: "bench", telemetryS: 600, pins, ...more },
  };
  const files = { "config.json": JSON.stringify(config) };
  const nothing = { [BOOT_CODE]: 'require("Wifi");' };
  const program = programIn(await buildRow("device-lean"));
  return (await used(program, files, / mqtt CONNECTED /)) - (await used(nothing, files));
}
