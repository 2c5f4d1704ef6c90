// The core with MQTT 5 on a real WebSocket, for tests that need several clients or packets that `hello` does not send.
// It asserts nothing.

import type { TestContext } from "node:test";
import WebSocket from "ws";
import { type Client, connect, newClient, subscribe, v5 } from "#subject";
import type { Options5 } from "../../src/mqtt/v5/options.ts";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { receiveAll } from "../support/receive.ts";
import { until } from "../support/until.ts";

export { until };

export interface Live {
  client: Client;
  socket: WebSocket;
  /** Topic, payload and properties of each message. */
  messages: [topic: string, payload: string, list: Properties][];
  /** Packets sent, one a line in hex. */
  sent: string[];
  /** The Reason Code that ended the connection. */
  reason: number;
}

/** Connects and waits for CONNACK. */
export async function live(
  t: TestContext,
  url: string,
  clientId: string,
  more: Partial<Options5> = {},
): Promise<Live> {
  const { username, password, href } = new URL(url);
  const socket = new WebSocket(href.replace(/\/\/.*@/, "//"), "mqtt");
  const log = { level: 0, print() {}, uptime: () => 0 };
  const outbox = { messages: 32, bytes: 8192, save: false };
  const limits = { maxPacket: 4096, maxInflight: 8, maxUnsent: 4096, outbox };
  let ready = () => {};
  const up = new Promise<void>((done) => {
    ready = done;
  });
  const parts = {
    log,
    owner: undefined,
    handlers: v5.handlers,
    limits,
    ready: () => ready(),
    received: (_: unknown, topic: string, payload: string, _flags: number, list?: Properties) =>
      void self.messages.push([topic, payload, list ?? {}]),
    wire: undefined,
    untransmitted: () => 0,
    transmit(_: unknown, bytes: string) {
      self.sent.push(Buffer.from(bytes, "latin1").toString("hex"));
      socket.send(Buffer.from(bytes, "latin1"));
      return 0;
    },
  };
  const self: Live = {
    client: newClient(parts),
    socket,
    messages: [],
    sent: [],
    reason: 0,
  };
  socket.on("message", (data: Buffer) => {
    self.reason ||= receiveAll(self.client, data.toString("latin1"));
  });
  t.after(() => socket.terminate());
  await new Promise((done, fail) => socket.on("open", done).on("error", fail));
  const user = username ? { user: username, password } : {};
  const options: Options5 = { clientId, cleanSession: true, keepAlive: 60, ...user, ...more };
  connect(self.client, options, v5.willFields(options.will));
  await up;
  return self;
}

/** Lets so many seconds pass by the broker's own clock: it publishes a will with that delay. */
export async function brokerSeconds(t: TestContext, url: string, seconds: number): Promise<void> {
  const watch = await live(t, url, "watch");
  await listening(watch, "clock");
  const will = { topic: "clock", payload: "", qos: 1, retain: false, properties: { delay: seconds } };
  const clock = await live(t, url, "clock", { will, properties: { sessionExpiry: 60 } });
  clock.socket.terminate();
  await until(() => watch.messages.length, `${seconds} s of the broker`);
}

/** Subscribes at QoS 1, and waits until that is granted. */
export async function listening(to: Live, filter: string): Promise<void> {
  let granted = false;
  subscribe(to.client, [{ filter, qos: 1 }], () => {
    granted = true;
  });
  await until(() => granted, "SUBACK");
}
