// A device on the virtual board, with a mosquitto of the test's own and a client that keeps what the device publishes.
// The board's time passes only while a test waits (heard, ask, line, until) or asks for it (pass).
import type { TestContext } from "node:test";
import mqtt, { type IClientPublishOptions, type MqttClient } from "mqtt";
import { programOf } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank, roundTrip, toNextAlarm } from "../../testing/crank.ts";
import { clientOf } from "../brokers/client.ts";
import { Mosquitto } from "../brokers/mosquitto.ts";
import { pskServer } from "../brokers/psk.ts";
import { Front } from "../brokers/tls.ts";
import { QUICK } from "../virtual/boards.ts";

export const PREFIX = "devices/lamp/";

export interface Said {
  topic: string;
  payload: string;
  retain: boolean;
  correlation?: string;
}

export interface Rig {
  board: VirtualBoard;
  /** The broker's WebSocket port. */
  port: number;
  client: MqttClient;
  /** All messages that were published, in order. */
  said: Said[];
  /** Waits for a message, from number `from` of `said` on; returns its payload. */
  heard(topic: string, payload?: RegExp, from?: number): Promise<string>;
  /** Waits for a line of the board's console, from number `from` on; returns it. */
  line(pattern: RegExp, from?: number): Promise<string>;
  /** Waits for any other condition. */
  until(condition: () => unknown, what: string): Promise<void>;
  /** Lets `ms` of the board's time pass. */
  pass(ms: number): Promise<void>;
  /** Sends a command and waits for its answer. */
  ask(name: string, payload?: string): Promise<Record<string, unknown> & { error?: string }>;
  /** Makes the broker end the board's connection. */
  kick(): Promise<void>;
  send(topic: string, payload: string, options?: IClientPublishOptions): Promise<unknown>;
}

export interface RigOptions {
  profile?: "" | "-v5" | "-lean";
  device?: object;
  mqtt?: object;
  more?: object;
  chip?: string;
  files?: Record<string, string>;
  /** Lines for the broker's WebSocket listener, and global ones. */
  broker?: string[];
  /** The broker is behind TLS with these pre-shared keys, by identity. */
  psk?: Record<string, string>;
  /** A page takes part, in its own time. */
  page?: boolean;
  /** Do not wait until the device is online. */
  alone?: boolean;
}

export function configOf(port: number, options: RigOptions): string {
  return JSON.stringify({
    wifi: { ssid: "home", password: "wifi-secret" },
    mqtt: {
      clientId: "board",
      url: `${options.psk ? "wss" : "ws"}://joe:s3cret-pass@127.0.0.1:${port}/mqtt`,
      ...options.mqtt,
    },
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
  const broker = await Mosquitto.start({ lines: options.broker });
  t.after(() => broker.stop());
  const ports = broker.ports;
  const front = options.psk && (await Front.start(t, ports.ws, pskServer(options.psk)));
  const said: Said[] = [];
  const client = await clientOf(t, ports.tcp, { protocolVersion: 5 });
  client.on("message", (topic, bytes, packet) => {
    const correlation = packet.properties?.correlationData?.toString();
    said.push({ topic, payload: bytes.toString(), retain: packet.retain, correlation });
  });
  await client.subscribeAsync("#", { qos: 1, rap: true } as never);
  const step = options.psk || options.page ? undefined : toNextAlarm;
  const crank = new Crank(() => roundTrip(client), step);
  const board = new VirtualBoard({
    code: programOf(`dist/device${options.profile ?? process.env.PROFILE ?? ""}.js`),
    files: { "config.json": configOf(front?.port ?? ports.ws, options), ...options.files },
    wifi: { ...QUICK, ...ssidOf(options) },
    chip: options.chip,
    clock: crank.clock,
  });
  t.after(() => board.off());
  const read = () => said.filter(({ topic }) => !/\/update\/[0-9a-f]{16}\//.test(topic));
  const log = () => [...read().map(({ topic, payload }) => `${topic} ${payload}`), ...board.lines].join("\n");
  const until = (condition: () => unknown, what: string) => crank.until(condition, what, log);
  const heard = async (topic: string, payload = /^/, from = 0) => {
    const find = () => said.slice(from).find((one) => one.topic === topic && payload.test(one.payload));
    await until(find, `${topic} ${payload}`);
    return find()!.payload;
  };
  const line = async (pattern: RegExp, from = 0) => {
    const find = () => board.lines.slice(from).find((text) => pattern.test(text));
    await until(() => find() !== undefined, `a line that matches ${pattern}`);
    return find()!;
  };
  const send = (topic: string, payload: string, more: IClientPublishOptions = {}) =>
    client.publishAsync(topic, payload, { qos: 1, ...more });
  const ask = async (name: string, payload = "") => {
    const from = said.length;
    await send(`${PREFIX}cmd/${name}`, payload);
    return JSON.parse(await heard(`${PREFIX}reply/${name}`, /^/, from));
  };
  const kick = async () => {
    // A second connection with the same client identifier: the broker ends the older one.
    const other = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.tcp}`, {
      clientId: "board",
      reconnectPeriod: 0,
    });
    await other.endAsync(true);
  };
  board.boot();
  if (!options.alone) await heard(`${PREFIX}status`, /online/);
  return {
    board,
    port: ports.ws,
    client,
    said,
    heard,
    line,
    until,
    pass: (ms) => crank.pass(ms),
    ask,
    kick,
    send,
  };
}
