// What a conversation remembers from packet to packet, and its limits. Types and numbers only.

import type { Bytes } from "../board";
import type { Log } from "../log";
import type { Subscription } from "./encode";
import type { Five, Versions } from "./v5/agreed";
import type { Properties } from "./v5/properties";

export const CLOSED = 0;
export const CONNECTING = 1;
export const READY = 2;

/** Seconds to wait for CONNACK after CONNECT. */
export const CONNACK_DEADLINE_S = 10;
/** Seconds to wait for PINGRESP after PINGREQ. */
export const PINGRESP_DEADLINE_S = 10;
/** Bytes of a packet in one frame; a larger PUBLISH leaves in several, its payload is never copied whole. */
export const PIECE = 1024;
/** Most bytes that a masked WebSocket frame adds to it (RFC 6455 5.2). */
export const FRAME_OVERHEAD = 8;

/** Most packets of ours that wait for their answers at a time, unless configured. */
export const MAX_INFLIGHT = 8;
/** Most bytes that wait in the board's own queue, unless configured: about 200 JsVars. */
export const MAX_UNSENT = 2048;
/** The least that may be configured: a piece in its frame. */
export const MIN_UNSENT = PIECE + FRAME_OVERHEAD;
/** Most messages, SUBSCRIBE and UNSUBSCRIBE in the outbox, sent ones included, unless configured. */
export const MAX_MESSAGES = 32;
/** Most bytes of topics and payloads in the outbox, unless configured: about 800 of an ESP32-C3's 4,095 JsVars. */
export const MAX_BYTES = 8192;
/** Most bytes of answers that wait while the server does not read. */
export const MAX_ANSWERS = 2048;
/** Most filters that are subscribed to. */
export const MAX_SUBSCRIPTIONS = 128;
/** Most QoS 2 messages of the server that wait for their PUBREL at a time. */
export const MAX_HELD = 64;

// What may become of a message that cannot be sent at once.
/** It waits in the outbox, or is refused when that is full. */
export const KEEP = 0;
/** The same, and it takes the place of an older one to its topic that still waits there. */
export const LATEST = 1;
/** It is dropped. */
export const DROP = 2;

/**
 * Called once when a packet of ours is done with: SUCCESS when it was acknowledged (QoS 0: sent), REPLACED, or
 * the Reason Code that the end of everything has. After SUBSCRIBE, `granted` has a return code a byte, in the order
 * of the filters (3.9.3).
 */
export type Done = (reason: number, granted: Bytes) => void;

/** Something that the server is to be told, and perhaps was, until it has answered. */
export interface Pending {
  /** Packet type of the answer that comes next; 0 for a PUBLISH at QoS 0. */
  kind: number;
  /** Flags of an entry, see spec.ts. DUP is set once it has been sent. */
  flags: number;
  topic: Bytes;
  /** Payload of a PUBLISH, "" once the server has it (PUBREC); that of a SUBSCRIBE or UNSUBSCRIBE. */
  payload: Bytes;
  /** What a SUBSCRIBE asks for, or the filters that an UNSUBSCRIBE ends. */
  list?: Subscription[];
  done?: Done;
  /** MQTT 5: its properties, their length first. */
  more?: Bytes;
  /** MQTT 5: seconds that it has waited, where it expires. */
  waited?: number;
  /** MQTT 5: why it is taken out of the outbox without having been sent. */
  refused?: number;
}

/** A callback that waits until the packet is read that it is the answer to, see {@link Done}. */
export interface Answer {
  done: Done;
  reason: number;
  granted: Bytes;
}

/** How much may wait; `mqtt` in config.json. */
export interface Limits {
  /** Largest packet that is taken in, in bytes, header included. */
  maxPacket: number;
  /** Packets that wait for their answers, 1..65,535. */
  maxInflight: number;
  /** Bytes in the board's own queue, at least PIECE + FRAME_OVERHEAD. */
  maxUnsent: number;
  outbox: {
    /** Entries, 1..65,535: messages, SUBSCRIBE and UNSUBSCRIBE, sent ones included. */
    messages: number;
    /** Bytes of their topics and payloads. */
    bytes: number;
    /** Whether it is saved to flash, for a restart. */
    save?: boolean;
  };
}

/** The result of reading when something waits for the application: the next packet is read when that has it. */
export const DELIVERIES = -1;

/** To `auth` in {@link Handlers}: the server has accepted us. */
export const ACCEPTED = 2;

/**
 * What handles one type of packet: gets the flags of its first byte, the whole packet, and where its variable header
 * begins. Returns SUCCESS, or the Reason Code to end the connection with.
 */
export type Handler = (client: Client, flags: number, bytes: Bytes, at: number) => number;

/** Handlers by packet type. */
export interface Handlers {
  [type: number]: Handler;
  /**
   * MQTT 5: enhanced authentication (v5/auth.ts). Adds to the properties of CONNECT, those that a log may show with `shown`
   * 1; with {@link ACCEPTED} it judges those of CONNACK: SUCCESS, or the Reason Code to end the connection with.
   */
  auth?(list: Properties, step: number): number;
}

/** The client has no use for it but to hand it on. */
export type Wire = unknown;

/** What a client needs from where it is made. The functions for its owner get that, those for the wire get the wire. */
export interface ClientParts {
  log: Log;
  owner: unknown;
  /** By packet type: what this build can receive (src/profile). */
  handlers: Handlers;
  limits: Limits;
  /** CONNACK accepted us; `present` is 1 when the server kept our session (3.2.2.2). */
  ready(owner: unknown, present: number): void;
  /** A message came and is acknowledged. `flags` are those of its PUBLISH (3.3.1). */
  received(owner: unknown, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void;
  /** A PINGRESP came. */
  ponged?(owner: unknown): void;
  /** What the bytes go to: the WebSocket. */
  wire: Wire;
  /**
   * Writes bytes; `shown` is how they may stand in a log, their secrets replaced.
   * @returns the bytes that wait in the board's own queue now
   */
  transmit(wire: Wire, bytes: Bytes, shown: Bytes): number;
  /** The bytes that wait in the board's own queue now; `flush` (write.ts) is to be called once they are sent. */
  untransmitted(wire: Wire): number;
}

export interface Client extends ClientParts {
  state: number;
  cleanSession: boolean;
  /** Seconds, 0 = off. */
  keepAlive: number;
  /** 1 while received packets are handled: what is sent then goes out behind them, in one piece. */
  corked: number;
  queue: Bytes;
  /** Payload of the large PUBLISH that is being sent, and how much of it was; what is queued comes behind it. */
  tail: Bytes;
  tailAt: number;
  /** Bytes in the board's own queue, as far as is known. */
  unsent: number;
  /** Seconds since the last packet was sent. */
  idle: number;
  /** Seconds left until CONNACK or PINGRESP is late, 0 = none is awaited. */
  secondsLeft: number;
  /** 1 while the deadline of PINGRESP may still be deferred. */
  grace: number;
  /** CONNECT packets since the last CONNACK. */
  unheard: number;
  /** Identifier given last. */
  lastId: number;
  /**
   * The outbox: what the server is to be told, in order, across connections. The first `sent` were sent on this
   * connection and wait for their answers.
   */
  outbox: Pending[];
  sent: number;
  /** Their Packet Identifiers; 0 for a PUBLISH at QoS 0. */
  ids: number[];
  /** Bytes of their topics and payloads. */
  outboxBytes: number;
  /** What the server has granted us, to be asked for again when it has forgotten. */
  subscriptions: Subscription[];
  /** The message that the last packet has brought, until it is delivered; "" where there is none. */
  topic: Bytes;
  payload: Bytes;
  flags: number;
  properties?: Properties;
  /** Callbacks that wait to be called with what has become of packets of ours. */
  answers?: Answer[];
  /** 1 when a CONNACK waits to be told of, 2 when it has brought a session. */
  connack: number;
  /** Messages with the policy DROP that were dropped. */
  lost: number;
  /** 1 after DISCONNECT: nobody would ever tell what becomes of a message. */
  ended: number;
  /** Identifiers of QoS 2 messages received and not released yet (4.3.3). */
  held: { [id: number]: number };
  heldCount: number;
  /** PUBLISH packets dropped because they were larger than `maxPacket`. */
  dropped: number;
  /** The last Topic Names that a small message at QoS 0 was sent to, and came with: they need not be looked at again. */
  lastTopicOut?: Bytes;
  lastTopicIn?: Bytes;
  /** Bytes of an incomplete packet. */
  rest: Bytes;
  /** Bytes of `rest` below which looking at it is of no use. */
  need: number;
  /** The oversized PUBLISH that is being drained. */
  drain?: Drain;
  /** MQTT 5: what a connection that speaks it has agreed on. */
  five?: Five;
  /** MQTT 5: makes subscriptions with options fit a connection (v5/subscribe-with.ts). */
  adapt?(client: Client): void;
  /** MQTT 5: what DISCONNECT is to say (v5/disconnect-with.ts). */
  parting?: Bytes;
  /** MQTT 5: 1 while messages may wait that expire. */
  expiring?: number;
  /** MQTT 5: which version to speak. */
  versions?: Versions;
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
