// A device on the virtual board against a mosquitto of the test's own, and a client beside it that notes what the device
// says. Knows no expectation.
import type { TestContext } from "node:test";
import mqtt, { type IClientPublishOptions, type MqttClient } from "mqtt";
import { RealClock } from "../../board/virtual/clock.ts";
import { programOf } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { mosquittoPorts } from "../brokers/mosquitto.ts";
import { QUICK } from "../virtual/boards.ts";

/** How long anything may take, in ms. */
const PATIENCE_MS = 15000;
export const PREFIX = "devices/lamp/";

export interface Said {
  topic: string;
  payload: string;
  retain: boolean;
  correlation?: string;
}

export interface Rig {
  board: VirtualBoard;
  client: MqttClient;
  /** What was published, in order. */
  said: Said[];
  /** Waits for a message, from the n-th on that was said; returns its payload. */
  heard(topic: string, payload?: RegExp, from?: number): Promise<string>;
  /** Sends a command and waits for its answer. */
  ask(name: string, payload?: string): Promise<Record<string, unknown> & { error?: string }>;
  /** Has the broker end the board's connection. */
  kick(): Promise<void>;
  send(topic: string, payload: string, options?: IClientPublishOptions): Promise<unknown>;
}

export interface RigOptions {
  profile?: "" | "-v5";
  device?: object;
  mqtt?: object;
  more?: object;
  speed?: number;
  chip?: string;
  files?: Record<string, string>;
  /** Does not wait for it to be online. */
  alone?: boolean;
}

export function configOf(port: number, options: RigOptions): string {
  return JSON.stringify({
    wifi: { ssid: "home", password: "wifi-secret" },
    mqtt: { clientId: "board", url: `ws://joe:s3cret-pass@127.0.0.1:${port}/mqtt`, ...options.mqtt },
    device: { id: "lamp", ...options.device },
    ...options.more,
  });
}

/** The access point has the name that the configuration wants. */
function ssidOf({ more = {} }: RigOptions): { ssid?: string } {
  const { wifi } = more as { wifi?: { ssid: string } };
  return wifi ? { ssid: Buffer.from(wifi.ssid).toString("latin1") } : {};
}

export async function rig(t: TestContext, options: RigOptions = {}): Promise<Rig> {
  const ports = await mosquittoPorts(t);
  const said: Said[] = [];
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.tcp}`, { protocolVersion: 5 });
  t.after(() => client.endAsync(true));
  client.on("message", (topic, bytes, packet) => {
    const correlation = packet.properties?.correlationData?.toString();
    said.push({ topic, payload: bytes.toString(), retain: packet.retain, correlation });
  });
  await client.subscribeAsync("#", { qos: 1, rap: true } as never);
  const board = new VirtualBoard({
    code: programOf(`dist/device${options.profile ?? process.env.PROFILE ?? ""}.js`),
    files: { "config.json": configOf(ports.ws, options), ...options.files },
    wifi: { ...QUICK, ...ssidOf(options) },
    chip: options.chip,
    clock: new RealClock(options.speed),
  });
  t.after(() => board.off());
  const heard = async (topic: string, payload = /^/, from = 0) => {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = said.slice(from).find((one) => one.topic === topic && payload.test(one.payload));
      if (found) return found.payload;
      if (Date.now() > end)
        throw new Error(
          `no ${topic} ${payload}:\n${said.map((one) => `${one.topic} ${one.payload}`).join("\n")}\n${board.lines.join("\n")}`,
        );
      await new Promise((done) => setTimeout(done, 5));
    }
  };
  const send = (topic: string, payload: string, more: IClientPublishOptions = {}) =>
    client.publishAsync(topic, payload, { qos: 1, ...more });
  const ask = async (name: string, payload = "") => {
    const from = said.length;
    await send(`${PREFIX}cmd/${name}`, payload);
    return JSON.parse(await heard(`${PREFIX}reply/${name}`, /^/, from));
  };
  const kick = async () => {
    // One identifier, one connection: the broker ends the older one.
    const other = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.tcp}`, {
      clientId: "board",
      reconnectPeriod: 0,
    });
    await other.endAsync(true);
  };
  board.boot();
  if (!options.alone) await heard(`${PREFIX}status`, /online/);
  return { board, client, said, heard, ask, kick, send };
}
