// One MQTT 3.1.1 conversation over one network connection: closed -> connecting -> ready -> closed.
// Bytes and seconds come in, packets go out through `send`; it has no socket and no clock.
// What the peer does wrong ends in a Reason Code, what the caller does wrong throws.

import type { Bytes } from "../board";
import { ERROR, type Log, say, WIRE } from "../log";
import { must } from "./bytes";
import {
  type ConnectOptions,
  encodeConnect,
  encodePublish,
  encodeSubscribe,
  encodeUnsubscribe,
  packet,
  type Subscription,
  type Will,
} from "./encode";
import {
  DISCONNECT,
  KEEP_ALIVE_TIMEOUT,
  MAX_IDENTIFIER,
  NO_CONNACK,
  PINGREQ,
  PUBACK,
  PUBREC,
  QUOTA_EXCEEDED,
  RETAIN,
  SUBACK,
  SUCCESS,
  UNSPECIFIED_ERROR,
  UNSUBACK,
} from "./spec";

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

export function newClient(
  log: Log,
  on: ClientEvents,
  kinds: Client["kinds"],
  send: Client["send"],
  maxPacket: number,
): Client {
  return empty({ log, on, kinds, send, maxPacket, id: 0, dropped: 0 } as Client);
}

/** A client that is not connected: nothing of an earlier connection is left. */
function empty(client: Client): Client {
  client.state = CLOSED;
  client.corked = 0;
  client.queue = "";
  client.wait = 0;
  client.out = {};
  client.outs = 0;
  client.held = {};
  client.helds = 0;
  client.rest = "";
  client.need = 2;
  client.drain = undefined;
  return client;
}

/**
 * Sends CONNECT on a new connection, the first packet on it [MQTT-3.1.0-1].
 * @param will gives the fields of a will, in builds that know wills
 */
export function connect(client: Client, options: ConnectOptions, will?: (will: Will) => Bytes): void {
  /** The options as a log may show them: lengths stay, secrets do not. */
  function starred(): ConnectOptions {
    const stars = (secret?: Bytes) => secret && secret.replace(/[^*]/g, "*");
    return {
      clientId: options.clientId,
      cleanSession: options.cleanSession,
      keepAlive: options.keepAlive,
      will: options.will,
      user: stars(options.user),
      password: stars(options.password),
    };
  }
  must(client.state === CLOSED, "already connected");
  const bytes = encodeConnect(options, will);
  client.state = CONNECTING;
  client.cleanSession = options.cleanSession;
  client.keepAlive = options.keepAlive;
  client.wait = CONNACK_DEADLINE_S;
  sendPacket(client, bytes, client.log.level < WIRE ? "" : encodeConnect(starred(), will));
}

/**
 * Publishes a message (3.3).
 * @param payload 0 bytes or more
 * @param qos 0, 1 or, in builds that know it, 2
 * @param done is called once, and only when SUCCESS was returned; at QoS 0 at once
 * @returns SUCCESS, UNSPECIFIED_ERROR while not connected, QUOTA_EXCEEDED while MAX_INFLIGHT packets wait
 */
export function publish(
  client: Client,
  topic: Bytes,
  payload: Bytes,
  qos: number,
  retain: boolean,
  done?: Done,
): number {
  checkQos(client, qos);
  const id = qos ? nextIdentifier(client) : 0;
  const bytes = encodePublish(topic, payload, (qos << 1) | (retain ? RETAIN : 0), id);
  if (!qos && client.state === READY) {
    sendPacket(client, bytes);
    if (done) done(SUCCESS, "");
    return SUCCESS;
  }
  return request(client, bytes, id, qos === 2 ? PUBREC : PUBACK, 0, done);
}

/** Subscribes to filters (3.8). Returns as {@link publish}; `done` gets a return code for each filter. */
export function subscribe(client: Client, subscriptions: Subscription[], done?: Done): number {
  const id = nextIdentifier(client);
  for (let i = 0; i < subscriptions.length; i++) checkQos(client, subscriptions[i]!.qos);
  return request(client, encodeSubscribe(id, subscriptions), id, SUBACK, subscriptions.length, done);
}

/** Ends subscriptions (3.10). Returns as {@link publish}. */
export function unsubscribe(client: Client, filters: Bytes[], done?: Done): number {
  const id = nextIdentifier(client);
  return request(client, encodeUnsubscribe(id, filters), id, UNSUBACK, 0, done);
}

/** Sends DISCONNECT (3.14) and ends the conversation; the caller closes the connection [MQTT-3.14.4-1]. */
export function disconnect(client: Client): void {
  if (client.state === READY) {
    const last = client.queue + packet(DISCONNECT << 4, "");
    client.send(last, last);
  }
  closed(client, SUCCESS);
}

/** To be called when the connection is gone: everything that still waited is told the reason. */
export function closed(client: Client, reason: number): void {
  const out = client.out;
  empty(client);
  for (const id in out) {
    const done = out[id]!.done;
    try {
      if (done) done(reason || UNSPECIFIED_ERROR, "");
    } catch (error) {
      say(client.log, ERROR, "app", "" + error); // the others are told all the same
    }
  }
}

/** One second has passed. Returns SUCCESS, or the Reason Code to end the connection with. */
export function tick(client: Client): number {
  if (client.state === CLOSED) return SUCCESS;
  client.idle++;
  if (client.wait && !--client.wait) return client.state === CONNECTING ? NO_CONNACK : KEEP_ALIVE_TIMEOUT;
  // Silence of ours, not of the server, is what counts [MQTT-3.1.2-23], also while a PINGRESP is awaited.
  if (client.state === READY && client.keepAlive && client.idle >= client.keepAlive) {
    client.wait = client.wait || PINGRESP_DEADLINE_S;
    sendPacket(client, packet(PINGREQ << 4, ""));
  }
  return SUCCESS;
}

/**
 * Sends a packet of any kind; the keep alive time starts anew with it. While received packets are handled it only
 * waits: so all answers to a chunk leave in one frame, and the chip's small stack (about 15 calls of ours on a C3)
 * never has to bear the way down to the socket on top of the way up to the application.
 */
export function sendPacket(client: Client, bytes: Bytes, shown?: Bytes): void {
  client.idle = 0;
  if (client.corked) client.queue += bytes;
  else client.send(bytes, shown === undefined ? bytes : shown);
}

/** The Quality of Service levels of this build: 0, 1 and, where its packets are known, 2. */
function checkQos(client: Client, qos: number): void {
  must(qos === 0 || qos === 1 || (qos === 2 && client.kinds[PUBREC]), "bad QoS " + qos);
}

/** Sends a packet whose answer is of the given kind. */
function request(client: Client, bytes: Bytes, id: number, kind: number, n: number, done?: Done): number {
  if (client.state !== READY) return UNSPECIFIED_ERROR;
  if (client.outs >= MAX_INFLIGHT) return QUOTA_EXCEEDED;
  client.id = id;
  client.outs++;
  client.out[id] = { kind, n, done };
  sendPacket(client, bytes);
  return SUCCESS;
}

/**
 * The next identifier that is not in use [MQTT-2.3.1-2]: 1..65,535, counting up and round again. Never the lowest
 * free one: a server may still hold a QoS 2 message under a number that is free here, and would drop the new one.
 */
function nextIdentifier(client: Client): number {
  let id = client.id;
  do id = id < MAX_IDENTIFIER ? id + 1 : 1;
  while (client.out[id]);
  return id;
}
