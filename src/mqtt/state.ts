// What a conversation remembers from packet to packet, and its limits. Types and numbers only.

import type { Bytes } from "../board";
import type { Log } from "../log";

export const CLOSED = 0;
export const CONNECTING = 1;
export const READY = 2;

/** Seconds to wait for CONNACK after CONNECT. */
export const CONNACK_DEADLINE_S = 10;
/** Seconds to wait for PINGRESP after PINGREQ. */
export const PINGRESP_DEADLINE_S = 10;
/** Most PUBLISH (QoS > 0), SUBSCRIBE and UNSUBSCRIBE that wait for their answers at a time. */
export const MAX_INFLIGHT = 8;

/** Most QoS 2 messages of the server that wait for their PUBREL at a time. */
export const MAX_HELD = 64;

/**
 * Called once when a packet of ours is done with: SUCCESS when it was acknowledged, else the Reason Code that
 * ended the connection. After SUBSCRIBE, `granted` has a return code a byte, in the order of the filters (3.9.3).
 */
export type Done = (reason: number, granted: Bytes) => void;

/** A packet of ours that waits for an acknowledgement. */
export interface Pending {
  /** Packet type of the answer that comes next. */
  kind: number;
  /** Number of filters in a SUBSCRIBE. */
  n: number;
  done?: Done;
}

/**
 * What handles one type of packet: gets the flags of its first byte, the whole packet, and where its variable header
 * begins. Returns SUCCESS, or the Reason Code to end the connection with.
 */
export type Handler = (client: Client, flags: number, bytes: Bytes, at: number) => number;

export interface ClientEvents {
  /** CONNACK accepted us; `present` is 1 when the server kept our session (3.2.2.2). */
  ready(present: number): void;
  /** A message came and is acknowledged. `flags` are those of its PUBLISH (3.3.1). */
  message(topic: Bytes, payload: Bytes, flags: number): void;
}

export interface Client {
  state: number;
  log: Log;
  on: ClientEvents;
  /** By packet type: what this build can receive (src/profile). */
  kinds: { [type: number]: Handler };
  /** Writes one packet; `shown` is how it may stand in a log, its secrets replaced. */
  send: (packet: Bytes, shown: Bytes) => void;
  cleanSession: boolean;
  /** Seconds, 0 = off. */
  keepAlive: number;
  /** 1 while received packets are handled: what is sent then goes out behind them, in one piece. */
  corked: number;
  queue: Bytes;
  /** Seconds since the last packet was sent. */
  idle: number;
  /** Seconds left until CONNACK or PINGRESP is late, 0 = none is awaited. */
  wait: number;
  /** Identifier given last. */
  id: number;
  /** What waits for an answer, by identifier, and how many there are. */
  out: { [id: number]: Pending };
  outs: number;
  /** Identifiers of QoS 2 messages received and not released yet (4.3.3). */
  held: { [id: number]: number };
  helds: number;
  /** Largest packet that is taken in, in bytes, header included. */
  maxPacket: number;
  /** PUBLISH packets dropped because they were larger than that. */
  dropped: number;
  /** Bytes of an incomplete packet. */
  rest: Bytes;
  /** Bytes of `rest` below which looking at it is of no use. */
  need: number;
  /** The oversized PUBLISH that is being drained. */
  drain?: Drain;
}

/** An oversized PUBLISH while it passes by. */
export interface Drain {
  flags: number;
  /** Bytes after the fixed header: all of them, and those that passed. */
  length: number;
  at: number;
  /** Its first bytes: length and beginning of the Topic Name. */
  head: Bytes;
  /** Bytes of its Packet Identifier. */
  id: Bytes;
}
