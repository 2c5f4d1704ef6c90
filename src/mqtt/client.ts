// One MQTT 3.1.1 conversation over one network connection: closed -> connecting -> ready -> closed.
// Bytes and seconds come in, packets go out through `send`; it has no socket and no clock.
// What the peer does wrong ends in a Reason Code, what the caller does wrong throws.

import type { Bytes } from "../board";
import { ERROR, type Log, say, WIRE } from "../log";
import { must } from "./bytes";
import { type ConnectOptions, encodeConnect, packet, type Will } from "./encode";
import { DISCONNECT, KEEP_ALIVE_TIMEOUT, NO_CONNACK, PINGREQ, SUCCESS, UNSPECIFIED_ERROR } from "./spec";
import {
  CLOSED,
  type Client,
  type ClientEvents,
  CONNACK_DEADLINE_S,
  CONNECTING,
  PINGRESP_DEADLINE_S,
  READY,
} from "./state";

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
