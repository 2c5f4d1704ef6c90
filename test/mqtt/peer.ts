// A client whose wire, events and log are lists. Every test of the MQTT core uses it. Events are one line of
// text each, so that two runs can be compared; `same` says in what order they count.
import assert from "node:assert/strict";
import {
  type Client,
  type ConnectOptions,
  connect,
  type Done,
  encodeWill,
  full,
  type Limits,
  MAX_BYTES,
  MAX_INFLIGHT,
  MAX_MESSAGES,
  MAX_UNSENT,
  newClient,
  PIECE,
  tick,
  v5,
} from "#subject";
import type { Bytes } from "../../src/board.ts";
import type { Profile } from "../../src/link/profile.ts";
import { receiveAll } from "../support/receive.ts";
import { hex } from "../support/wire.ts";

export interface Peer {
  client: Client;
  /** `sent <hex>`, `ready <present>`, `message <topic> <payload> <flags>`, `<name> <reason> <granted>`. */
  events: string[];
  /** Lines of the log, and the text that `send` got for the log with each packet. */
  lines: string[];
  shown: Bytes[];
  /** Bytes that wait in the board's own queue. */
  unsent: number;
}

export interface PeerOptions extends Partial<Limits> {
  profile?: Profile;
  level?: number;
  /** Called after the event was noted. */
  ready?(peer: Peer): void;
  message?(peer: Peer, payload: Bytes): void;
}

export const OPTIONS: ConnectOptions = {
  ...{ clientId: "esp", cleanSession: true, keepAlive: 0 },
  ...(process.env.PROFILE === "v5" ? { version: 4 } : {}),
};

/** The subject of these tests: MQTT 3.1.1, or with PROFILE=v5 the 3.1.1 of the build with both versions. */
const PROFILE: Profile = process.env.PROFILE === "v5" ? v5 : full;

/** A CONNACK that accepts, with a new session. */
export const ACCEPTED = "\x20\x02\x00\x00";

/** A client on a new connection that has sent nothing yet. */
export function newPeer(options: PeerOptions = {}): Peer {
  const { profile = PROFILE, level = 0, ready: _, message: __, ...given } = options;
  const limits = {
    maxPacket: 4096,
    maxInflight: MAX_INFLIGHT,
    maxUnsent: MAX_UNSENT,
    outbox: { messages: MAX_MESSAGES, bytes: MAX_BYTES },
    ...given,
  };
  const log = { level, print: (line: string) => void peer.lines.push(line), uptime: () => 0 };
  const parts = {
    log,
    owner: undefined,
    wire: undefined,
    handlers: profile.handlers,
    limits,
    ready(_: unknown, present: number) {
      peer.events.push(`ready ${present}`);
      options.ready?.(peer);
    },
    received(_: unknown, topic: Bytes, payload: Bytes, flags: number) {
      peer.events.push(`message ${JSON.stringify(topic)} ${JSON.stringify(payload)} ${flags}`);
      options.message?.(peer, payload);
    },
    untransmitted: () => peer.unsent,
    transmit(_: unknown, packet: Bytes, shown: Bytes) {
      for (const one of packetsOf(packet)) peer.events.push(`sent ${hex(one)}`);
      peer.shown.push(shown);
      return peer.unsent;
    },
  };
  const peer: Peer = {
    client: newClient(parts),
    events: [],
    lines: [],
    shown: [],
    unsent: 0,
  };
  return peer;
}

/** A client that has sent CONNECT and waits for CONNACK; events are those that follow. */
export function connectingPeer(
  options: PeerOptions = {},
  connectOptions: Partial<ConnectOptions> = {},
): Peer {
  const peer = newPeer(options);
  connect(peer.client, { ...OPTIONS, ...connectOptions }, encodeWill(connectOptions.will));
  forget(peer);
  return peer;
}

/** A client whose connection was accepted; events are those that follow. */
export function readyPeer(options: PeerOptions = {}, connectOptions: Partial<ConnectOptions> = {}): Peer {
  const peer = connectingPeer({ ...options, ready: undefined }, connectOptions);
  feed(peer, [ACCEPTED]);
  forget(peer);
  return peer;
}

/** Returns the events so far, and begins a new list. */
export function forget(peer: Peer): string[] {
  peer.shown = [];
  peer.lines = [];
  return peer.events.splice(0);
}

/**
 * Asserts these events. Packets sent are compared in their order, and calls of the application in theirs. The client may
 * send an answer before it calls the application, after that, or with the answers to a whole chunk.
 */
export function same(actual: string[], expected: string[], message?: string): void {
  assert.deepEqual(apart(actual), apart(expected), message);
}

export function apart(events: string[]): { sent: string[]; told: string[] } {
  const sent = events.filter((event) => event.startsWith("sent "));
  return { sent, told: events.filter((event) => !event.startsWith("sent ")) };
}

/** The packets in bytes that were sent in one piece. */
function packetsOf(bytes: Bytes): Bytes[] {
  const packets: Bytes[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    let length = 0;
    let unit = 1;
    for (let more = 128; more & 128; unit *= 128) {
      more = bytes.charCodeAt(end++);
      length += (more & 127) * unit;
    }
    packets.push(bytes.slice(at, end + length));
    at = end + length;
  }
  return packets;
}

/** Feeds chunks until one is answered with a reason; returns that, or SUCCESS. */
export function feed(peer: Peer, chunks: Bytes[]): number {
  for (const chunk of chunks) {
    const reason = receiveAll(peer.client, chunk);
    if (reason) return reason;
  }
  return 0;
}

/** Lets seconds pass; returns the first reason with the second it came in, or undefined. */
export function pass(peer: Peer, seconds: number): string | undefined {
  for (let second = 1; second <= seconds; second++) {
    const reason = tick(peer.client);
    if (reason) return `0x${reason.toString(16)} after ${second} s`;
  }
  return undefined;
}

/** A callback that notes that it was called. */
export function noted(peer: Peer, name: string): Done {
  return (reason, granted) => void peer.events.push(`${name} 0x${reason.toString(16)} ${hex(granted)}`);
}

/**
 * Bytes that the client keeps of a connection: all strings in its record except the session's and the last topics,
 * which have their own limit.
 */
export function kept(client: Client): number {
  const {
    owner,
    wire,
    log,
    pending: outbox,
    subscriptions,
    lastTopicOut,
    lastTopicIn,
    versions,
    five,
    ...connection
  } = client;
  for (const topic of [lastTopicOut, lastTopicIn]) assert.ok((topic ?? "").length <= PIECE);
  const size = (value: unknown): number => {
    if (typeof value === "string") return value.length;
    if (typeof value !== "object" || value === null) return 0;
    return Object.values(value).reduce((sum, part) => sum + size(part), 0);
  };
  return size(connection);
}

/** The parts of the record that a mistake must not change: numbers, texts, waiting packets. */
export function snapshot(client: Client): string {
  // The cache of the last valid topic and the version of the next connection are not visible outside.
  const { lastTopicOut, lastTopicIn, versions, ...all } = client;
  return JSON.stringify(all);
}
