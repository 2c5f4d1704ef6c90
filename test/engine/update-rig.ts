// A device on a real engine, with a mosquitto of the test's own and programs that are published for it. A Linux build has no
// restart: the test switches it off and on, and says to the program why its chip starts.
import type { TestContext } from "node:test";
import type { MqttClient } from "mqtt";
import { BOOT_CODE, programOf } from "../../board/virtual/program.ts";
import { clientOf } from "../brokers/client.ts";
import { mosquittoPorts } from "../brokers/mosquitto.ts";
import { PUBLIC_KEY } from "../device/publisher.ts";
import { until } from "../support/until.ts";
import { Engine } from "./engine.ts";

const PREFIX = "devices/lamp/";
/** Causes of a reset, as an ESP32's register has them. */
const POWER_ON = 1;
const BY_SOFTWARE = 12;
/** So many seconds of the board pass in one: a check of a signature takes half a minute of its seconds. */
const SPEED = 4;

/** What a Linux build lacks, and the causes of its resets, from a file of the PC. */
const CHIP = `
var ESP32 = { reboot: function () { print("REBOOT"); }, getState: function () { return { freeHeap: 12345 }; } };
process.env = { BOARD: "ESP32", VERSION: process.version, MODULES: "Storage" };
function peek32() { return +require("fs").readFileSync("cause"); }
var chipTime = getTime, chipEvery = setInterval;
function getTime() { return chipTime() * ${SPEED}; }
function setInterval(call, ms) { return chipEvery(call, ms / ${SPEED}); }
`;

export interface UpdateRig {
  engine: Engine;
  client: MqttClient;
  /** What the device told of updates, oldest first. */
  states: string[];
  /** Waits until a state was told. */
  told(state: RegExp): Promise<void>;
  install(): Promise<unknown>;
  /** Switches it on, or cuts its power for a moment. @param flash replaces what is in its flash */
  powerOn(flash?: Buffer): Promise<unknown>;
  /** Waits until it restarts itself, and lets it. */
  reboots(): Promise<unknown>;
}

/** A device that takes updates, switched off. @param boot0 runs before everything else */
export async function updateRig(
  t: TestContext,
  { bundle = "device-lean", boot0 = "", files = {} as Record<string, string>, device = {} } = {},
): Promise<UpdateRig> {
  const ports = await mosquittoPorts(t);
  const states: string[] = [];
  const client = await clientOf(t, ports.tcp);
  client.on("message", (_topic, bytes) => states.push(bytes.toString()));
  await client.subscribeAsync(`${PREFIX}update`);
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt` },
    device: { id: "lamp", telemetryS: 0, update: { key: PUBLIC_KEY }, ...device },
  };
  const program = programOf(`dist/${bundle}.js`);
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    [BOOT_CODE]: program[BOOT_CODE]!,
    ...program,
    ".boot0": CHIP + boot0,
    ...files,
  });
  t.after(() => engine.off());
  const log = () => [...states, ...engine.lines].join("\n");
  const start = (cause: number, flash?: Buffer) => {
    engine.put("cause", `${cause}`);
    engine.lines.length = 0;
    return engine.restart(flash);
  };
  return {
    engine,
    client,
    states,
    told: (state) => until(() => states.some((one) => state.test(one)), `${state}`, log),
    install: () => client.publishAsync(`${PREFIX}cmd/update`, "install", { qos: 1 }),
    powerOn: (flash) => start(POWER_ON, flash),
    reboots: async () => {
      await engine.line(/^REBOOT/);
      return start(BY_SOFTWARE);
    },
  };
}

/** Why an update of this program to that one cannot be tried on this engine; "" if it can. `more` is lost on the way. */
export function noRoom(engine: Engine, program: string, next: string, more = 0): string {
  const needed = OTHER_FILES + program.length + 2 * next.length + more;
  const has = engine.flash.length;
  return has < needed ? `the engine's Storage has ${has} bytes: an update of the device takes ${needed}` : "";
}

/** Bytes of the other files: the loader, `ws`, the signature, records. */
const OTHER_FILES = 24_000;
