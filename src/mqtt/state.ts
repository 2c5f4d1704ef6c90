// The record of a conversation: its state from packet to packet. Types and numbers only.

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
/** Seconds to wait for the answer to a packet of the outbox, counted from the oldest one that was sent. */
export const ANSWER_DEADLINE_S = 180;
/** Seconds after which the answer is late: it is logged, and messages at QoS 0 pass those that wait for it. */
export const LATE_S = 10;
/** Seconds until a refused subscription is asked for again on the same connection; doubled each time, up to the second. */
export const ASK_AGAIN_S = 15;
export const MAX_ASK_AGAIN_S = 960;
/** Ends of the connection on account of one packet: after so many it is sent alone, after so many it is given up. */
export const SUSPECT_ENDS = 3;
export const GUILTY_ENDS = 5;
/** Seconds that a connection must last before a suspected packet is sent on it. */
export const CALM_S = 5;
/** Most bytes of a packet in one frame. A larger PUBLISH is sent in several frames; its payload is never copied whole. */
export const PIECE = 1024;
/**
 * `transmit` sends whole packets, or a part of one that is larger than a piece. The numbers are those of the frame (RFC 6455 5.2,
 * 5.4): the opcode, and 0x80 where more frames follow.
 */
export const WHOLE = 2;
export const BEGINNING = 0x82;
export const MIDDLE = 0x80;
export const ENDING = 0;
/** Most bytes that a masked WebSocket frame adds to it (RFC 6455 5.2). */
export const FRAME_OVERHEAD = 8;

/** Default for the most packets that wait for the server's answer at a time. */
export const MAX_INFLIGHT = 8;
/** Default for the most bytes in the board's own queue: about 200 JsVars (engine 37). */
export const MAX_UNSENT = 2048;
/** Least value for it: a piece in its frame. */
export const MIN_UNSENT = PIECE + FRAME_OVERHEAD;
/** Default for the most entries in the outbox: messages, SUBSCRIBE and UNSUBSCRIBE, sent ones included. */
export const MAX_MESSAGES = 32;
/** Default for the most bytes of topics and payloads in the outbox: about 800 of an ESP32-C3's 4,095 JsVars. */
export const MAX_BYTES = 8192;
/** Most bytes of answers that wait while the server does not read. */
export const MAX_ANSWERS = 2048;
/** Most filters that a client subscribes to. */
export const MAX_SUBSCRIPTIONS = 128;
/** Most filters in one SUBSCRIBE or UNSUBSCRIBE: some servers end the connection at the ninth. */
export const MAX_FILTERS = 8;
/** Most QoS 2 messages from the server that wait for their PUBREL at a time. */
export const MAX_HELD = 64;

// Policies: what is done with a message that cannot be sent at once.
/** It waits in the outbox; a full outbox refuses it. */
export const KEEP = 0;
/** As KEEP, and it replaces an older message to its topic that still waits. */
export const LATEST = 1;
/** It is dropped. */
export const DROP = 2;

/**
 * Callback of a request, called once: with SUCCESS when the server has acknowledged it (QoS 0: when it is sent), with REPLACED,
 * or with the Reason Code of its failure. After SUBSCRIBE, `granted` has one byte for each filter, its return code (3.9.3).
 */
export type Done = (reason: number, granted: Bytes) => void;

/** An entry of the outbox: a packet, sent or not, until the server has answered it. */
export interface Pending {
  /** Packet type of the answer that it waits for; 0 for a PUBLISH at QoS 0. */
  kind: number;
  /** Flags of an entry, see spec.ts. DUP is set once it has been sent. */
  flags: number;
  topic: Bytes;
  /** Payload of the packet; "" once a PUBREC says that the server has the message. */
  payload: Bytes;
  /** The filters of a SUBSCRIBE or UNSUBSCRIBE. */
  list?: Subscription[];
  done?: Done;
  /** MQTT 5: its properties, their length first. */
  more?: Bytes;
  /** MQTT 5: seconds that a message with an expiry interval has waited. */
  waited?: number;
  /** The mark of a suspect, see suspect.ts. */
  suspect?: number;
  /** The Reason Code why it left the outbox unanswered: given up (suspect.ts), or more than a server of MQTT 5 takes. */
  refused?: number;
}

/** A callback that waits until the received packet is read, with its arguments, see {@link Done}. */
export interface Answer {
  done: Done;
  reason: number;
  granted: Bytes;
}

/**
 * The limits of a conversation. Their names are those in `mqtt` of config.json, which the minifier keeps. So {@link Client} has
 * them as fields of its own.
 */
export interface Limits {
  /** Largest packet that is accepted, in bytes, header included. */
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
  };
}

/** Result of reading: something waits for the application. Call `deliver` (delivery.ts) before the next packet is read. */
export const DELIVERIES = -1;

/** Added to `connack` until `deliver` has called `resume` (resume.ts). */
export const ACCEPTED_NOW = 2;

/** Step of `auth` in {@link Handlers}: the server has accepted the connection. */
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
   * MQTT 5: enhanced authentication (v5/auth.ts). Step 0 adds its properties to those of CONNECT, step 1 adds them as a log
   * may show them. Step {@link ACCEPTED} checks the properties of CONNACK.
   * @returns SUCCESS, or the Reason Code to end the connection with
   */
  auth?(list: Properties, step: number): number;
}

/** The connection under a client, which the client only passes on. */
export type Wire = unknown;

/** The parts of a client. Callbacks receive the record they belong to, the owner or the wire (engine 9). */
export interface ClientParts {
  log: Log;
  owner: unknown;
  /** Handlers of the packets that this build can receive (src/profile). */
  handlers: Handlers;
  limits: Limits;
  /** The server has accepted the connection; `present` is 1 if it has kept the session (3.2.2.2), else 0. */
  ready(owner: unknown, present: number): void;
  /** A message was received and acknowledged. `flags` are those of its PUBLISH (3.3.1). */
  received(owner: unknown, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void;
  /** Something has failed that no callback tells; it is in the log already. `what` says it in words. */
  failed?(owner: unknown, what: Bytes, reason: number): void;
  /** A PINGRESP was received. */
  ponged?(owner: unknown): void;
  /** The connection: the WebSocket. */
  wire: Wire;
  /**
   * Writes bytes.
   * @param shown the same as a log may show them, without secrets
   * @param part WHOLE, BEGINNING, MIDDLE or ENDING
   * @returns the number of bytes in the board's own queue
   */
  transmit(wire: Wire, bytes: Bytes, shown: Bytes, part: number): number;
  /** The number of bytes in the board's own queue. Also has `flush` (write.ts) called once they are sent. */
  untransmitted(wire: Wire): number;
}

export interface Client extends Omit<ClientParts, "limits"> {
  /** The {@link Limits}, flat and under names that get short: ten JsVars less than their record (engine 8, 14). */
  packetLimit: number;
  inflightLimit: number;
  unsentLimit: number;
  messageLimit: number;
  byteLimit: number;
  state: number;
  /** `cleanSession` and `keepAlive` of the last CONNECT, under names that get short: a server may change the second (engine 8). */
  isClean: boolean;
  /** Seconds, 0 = off. */
  keepAliveS: number;
  /** 1 while received packets are handled: packets wait in `queue` until they are read, and leave in one frame (engine 19). */
  corked: number;
  queue: Bytes;
  /** Payload of the large PUBLISH, or answers, that are being sent in pieces, and the bytes that were sent. `queue` is next. */
  tail: Bytes;
  tailAt?: number;
  /** Bytes in the board's own queue when it was last asked. */
  unsent: number;
  /** Packets that may wait for their answers on this connection: `maxInflight`, or less where an MQTT 5 server wants less (4.9). */
  sendQuota: number;
  /** Seconds since the last packet was sent, and since the last whole packet was received. */
  idle: number;
  silent: number;
  /** Seconds left until CONNACK or PINGRESP is late; 0 if none is expected. */
  secondsLeft: number;
  /**
   * 1 while the deadline of PINGRESP may still be extended, once. 2 while PINGREQ waits behind a large PUBLISH: then the deadline
   * runs from each of its pieces.
   */
  grace: number;
  /** CONNECT packets sent since the last CONNACK. */
  unheard: number;
  /** Identifier given last. */
  lastId: number;
  /**
   * The outbox, in order, across connections (outbox.ts). The first `sent` entries were sent on this connection and wait for
   * their answers.
   */
  pending: Pending[];
  sent: number;
  /** Their Packet Identifiers; 0 for a PUBLISH at QoS 0. */
  ids: number[];
  /** Bytes of their topics and payloads. */
  outboxBytes: number;
  /**
   * Seconds that the first of them has waited for its answer. Below 0: seconds of calm left before a suspected packet is sent
   * (suspect.ts).
   */
  waited: number;
  /** Entries that still go one at a time, because one of them may be what ends the connections; mostly 0. */
  alone?: number;
  /** 1 where each packet that comes must reach its handler: answers then have no short way. */
  watched: number;
  /** Ends in a row on account of the packet with the mark `suspect` (suspect.ts), and the Reason Code to give it up with. */
  ends?: number;
  suspect?: number;
  verdict?: number;
  /** Subscriptions to be made again when the server has lost the session: those granted, and those wanted all the same. */
  subscriptions: Subscription[];
  /** Seconds until refused subscriptions are asked for again, 0 = never; and the last such period. */
  askIn?: number;
  askPeriod?: number;
  /** 1 once it was logged that the server answers QoS 2 with PUBACK. */
  shortcut?: number;
  /** The last received message, until it is delivered; topic "" if there is none. */
  messageTopic: Bytes;
  messagePayload?: Bytes;
  messageFlags?: number;
  messageProperties?: Properties;
  /** Callbacks that wait for `deliver`. */
  answers?: Answer[];
  /**
   * 1 if `ready` waits for `deliver`, 2 if the server has kept the session; {@link ACCEPTED_NOW} more while what the new connection
   * sends again waits for it, too.
   */
  connack: number;
  /** Messages with the policy DROP that were dropped. */
  lost?: number;
  /** 1 after DISCONNECT: requests are refused, because their callbacks would never be called. */
  ended: number;
  /** Identifiers of QoS 2 messages received and not released yet (4.3.3), and their number. */
  held: { [id: number]: number };
  heldCount: number;
  /** PUBLISH packets dropped because they were larger than `maxPacket`. The first one of MQTT 5 ends its connection. */
  dropped?: number;
  /** Topics of the last small messages at QoS 0, sent and received: they need not be checked again. */
  lastTopicOut?: Bytes;
  lastTopicIn?: Bytes;
  /** Bytes of an incomplete packet. */
  rest: Bytes;
  /** Least length of `rest` at which reading can go on. */
  need: number;
  /** The oversized PUBLISH that is being drained. */
  drain?: Drain;
  /** MQTT 5: what client and server have agreed on; undefined on a connection that speaks 3.1.1. */
  five?: Five;
  /** MQTT 5: adapts subscriptions with options to the version of the connection (v5/subscribe-with.ts). */
  adapt?(client: Client): void;
  /** MQTT 5: Reason Code and properties of the next DISCONNECT (v5/disconnect-with.ts). */
  parting?: Bytes;
  /** MQTT 5: 1 while the outbox may have messages that expire. */
  expiring?: number;
  /** MQTT 5: 1 while an AUTH waits in `queue`, whose data may be secret: the log gets stars. */
  secret?: number;
  /** MQTT 5: the version to speak, and what is known of the server. */
  versions?: Versions;
}

/** An oversized PUBLISH while it is read and dropped. */
export interface Drain {
  flags: number;
  /** Bytes after the fixed header: all of them, and those that were read. */
  length: number;
  at: number;
  /** Its first bytes: length and beginning of the Topic Name. */
  head: Bytes;
  /** Bytes of its Packet Identifier. */
  id: Bytes;
}
