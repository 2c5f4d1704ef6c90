// One MQTT 3.1.1 conversation over one network connection: closed -> connecting -> ready -> closed.
// Bytes and seconds are inputs. Packets leave through `transmit`. A mistake of the server gives a Reason Code, a mistake
// of the caller throws.

import { begin5, FIVE, opening5, will5 } from "#five";
import type { Bytes } from "../board";
import { WIRE } from "../log";
import { must } from "./bytes";
import { type ConnectOptions, encodeConnect, packet } from "./encode";
import { finish } from "./outbox";
import { DISCONNECT, KEEP_ALIVE_TIMEOUT, NO_CONNACK, OVERTAKEN, PINGREQ, SUCCESS } from "./spec";
import {
  CLOSED,
  type Client,
  type ClientParts,
  CONNACK_DEADLINE_S,
  CONNECTING,
  PINGRESP_DEADLINE_S,
  READY,
  WHOLE,
} from "./state";
import { secondOfAnswers } from "./suspect";
import { hasRoom, sendPacket } from "./write";

/** Completes the parts to a client that is not connected. What each message needs comes first: the engine searches in order. */
export function newClient(parts: ClientParts): Client {
  const client = parts as Client;
  closed(client);
  client.answers = undefined;
  client.lastTopicOut = client.lastTopicIn = undefined;
  client.lastId = client.outboxBytes = client.heldCount = client.ended = client.unheard = 0;
  client.subscriptions = [];
  client.held = {};
  client.messageTopic = "";
  return client;
}

/** Resets everything that belongs to a connection. Call it when the connection has ended; the session stays. */
export function closed(client: Client): Client {
  client.state = CLOSED;
  client.rest = "";
  client.need = 2;
  client.queue = "";
  client.sent = 0;
  if (!client.pending) {
    client.pending = [];
    client.ids = [];
  } else if (client.pending[0]) client.pending[0].flags &= ~OVERTAKEN;
  client.unsent = 0;
  client.corked = 0;
  client.tail = "";
  // A field that is absent costs a message more than one that is 0 (engine 23).
  client.alone = 0;
  client.waited = 0;
  client.watched = client.watched || 0;
  client.silent = 0;
  client.idle = 0;
  client.sendQuota = client.limits.maxInflight;
  client.connack = 0;
  client.secondsLeft = 0;
  client.grace = 0;
  // Fields that are mostly absent, to save memory (engine 13).
  if (client.drain) delete client.drain;
  if (FIVE) client.secret = undefined;
  return client;
}

/**
 * Sends CONNECT on a new connection, the first packet on it [MQTT-3.1.0-1].
 * @param will the will's fields (`encodeWill`), "" for none
 * @throws if the client is connected, or an option is bad
 */
export function connect(client: Client, options: ConnectOptions, will?: Bytes): void {
  /** The options for the log: each secret is replaced by as many stars. */
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
  if (FIVE) begin5(client, options);
  const willMore = FIVE && client.five && options.will ? will5(options.will) : undefined;
  const bytes = encodeConnect(options, will, FIVE ? opening5(client, 0) : undefined, willMore);
  client.state = CONNECTING;
  client.ended = 0;
  client.unheard++;
  client.cleanSession = options.cleanSession;
  client.keepAlive = options.keepAlive;
  client.secondsLeft = CONNACK_DEADLINE_S;
  client.idle = client.silent = 0;
  client.unsent = client.transmit(
    client.wire,
    bytes,
    client.log.level < WIRE
      ? ""
      : encodeConnect(starred(), will, FIVE ? opening5(client, 1) : undefined, willMore),
    WHOLE,
  );
}

/**
 * Sends DISCONNECT (3.14) and ends the conversation: the outbox is emptied, its callbacks are called, and requests are refused
 * until {@link connect} is called. The caller closes the connection [MQTT-3.14.4-1].
 */
export function disconnect(client: Client): void {
  const last = client.queue + packet(DISCONNECT << 4, (FIVE && client.parting) || "");
  if (hasRoom(client, last.length - client.queue.length)) client.transmit(client.wire, last, last, WHOLE);
  closed(client);
  finish(client);
}

/** Call it once a second. Returns SUCCESS, or the Reason Code to end the connection with. */
export function tick(client: Client): number {
  if (client.state === CLOSED) return SUCCESS;
  client.idle++;
  // A large PUBLISH that is leaving is no silence: the server answers at its end. Unless more waits behind it: then there may be
  // no end.
  if (!client.tail || client.pending[client.sent]) client.silent++;
  if (client.secondsLeft && !--client.secondsLeft) {
    if (client.state === CONNECTING) return NO_CONNACK;
    // A whole packet since PINGREQ: the server is alive. It gets as much time from then on, once.
    if (client.grace !== 1 || client.silent >= PINGRESP_DEADLINE_S) return KEEP_ALIVE_TIMEOUT;
    client.grace = 0;
    client.secondsLeft = PINGRESP_DEADLINE_S - client.silent;
  }
  if (client.state === READY && (client.sent || client.waited || client.askIn)) {
    const late = secondOfAnswers(client);
    if (late) return late;
  }
  // Keep alive counts what the client sends [MQTT-3.1.2-23], also while it waits for a PINGRESP. It counts what the client hears,
  // too: a dead server's TCP, or a proxy, may take what we send for hours.
  const due = client.idle >= client.keepAlive || (client.silent >= client.keepAlive && !client.secondsLeft);
  if (client.state === READY && client.keepAlive && due) ping(client);
  return SUCCESS;
}

/** Sends PINGREQ (3.12). Returns 0 if another one still waits for its PINGRESP, else 1. */
export function ping(client: Client): number {
  const alone = client.secondsLeft ? 0 : 1;
  if (alone) {
    client.secondsLeft = PINGRESP_DEADLINE_S;
    client.grace = client.tail ? 2 : 1;
  }
  sendPacket(client, packet(PINGREQ << 4, ""));
  // Also while the PINGREQ waits in the queue: one is enough.
  client.idle = 0;
  return alone;
}
