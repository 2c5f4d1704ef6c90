// What the device takes of a chip's memory: connected and greeted, with four pins, one of each kind, code in flash. Builds the bundle
// itself; knows no budget.
import { rollup } from "rollup";
import { BOOT_CODE, type Program, programIn } from "../../board/virtual/program.ts";
import { firmware } from "../../rollup.config.js";
import { Engine } from "../../test/engine/engine.ts";
import type { Ports } from "./stacks.ts";

const PINS = {
  relay: { pin: "D5", use: "output" },
  key: { pin: "D4", use: "input", longMs: 500 },
  level: { pin: "D14", use: "analog", everyS: 10, scale: 3.3, delta: 0.1, unit: "V" },
  lamp: { pin: "D18", use: "pwm" },
};
/** What a Linux build lacks. */
const STUBS = "function analogRead(){return .5}function analogWrite(){}\n";
/** Milliseconds until everything is said. */
const QUIET_MS = 3000;

async function bundle(entry: string): Promise<Program> {
  const build = await rollup({
    input: `board/esp32/main-${entry}.ts`,
    plugins: firmware({ five: entry.includes("v5") }),
  });
  const { output } = await build.generate({ format: "iife", generatedCode: "es5", strict: false });
  await build.close();
  return programIn(output);
}

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

/** JsVars above an engine that does nothing, with the own handshake. */
export async function deviceConnected(ports: Ports, pins: object = PINS): Promise<number> {
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt`, clientId: "bench" },
    device: { id: "bench", telemetryS: 600, pins },
  };
  const files = { "config.json": JSON.stringify(config) };
  const nothing = { [BOOT_CODE]: 'require("Wifi");' };
  const program = await bundle("device-lean");
  return (await used(program, files, / mqtt CONNECTED /)) - (await used(nothing, files));
}
