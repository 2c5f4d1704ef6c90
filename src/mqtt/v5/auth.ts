// Enhanced authentication (4.12): AUTH in both directions, with a method of the application.

import type { Bytes } from "../../board";
import { chars, must } from "../bytes";
import { packet } from "../encode";
import { AUTH, NOT_AUTHORIZED, PROTOCOL_ERROR, SUCCESS } from "../spec";
import { ACCEPTED, type Client, type Handlers, READY, WHOLE } from "../state";
import { parse } from "./parse";
import { encodeProperties, type Properties } from "./properties";
import { AUTHENTICATION_DATA, AUTHENTICATION_METHOD, CONTINUE_AUTHENTICATION, REAUTHENTICATE } from "./spec";

/** An authentication method. */
export interface Auth {
  /** Its name (3.1.2.11.9). */
  method: Bytes;
  /**
   * The Authentication Data to send, given the server's. `data` is "" for the first step. Also called with the data that
   * accepts us. Undefined: we do not trust the server, and the connection ends.
   */
  next(data: Bytes): Bytes | undefined;
}

/** The handlers of a profile with this method added. */
export function withAuth(handlers: Handlers, auth: Auth): Handlers {
  const all: Handlers = {};
  for (let type = 1; type < AUTH; type++) if (handlers[type]) all[type] = handlers[type]!;
  all[AUTH] = (client, _flags, bytes, at) => onAuth(client, auth, bytes, at);
  all.auth = function (list, step) {
    if (step === ACCEPTED) return judge(auth, list);
    list[AUTHENTICATION_METHOD] = auth.method;
    list[AUTHENTICATION_DATA] = step ? "***" : auth.next("") || "";
    return SUCCESS;
  };
  return all;
}

/** Checks that CONNACK has the method of our CONNECT [MQTT-4.12.0-5, 4.12.0-6]. Returns SUCCESS or a Reason Code. */
function judge(auth: Auth, server: Properties): number {
  if (server[AUTHENTICATION_METHOD] !== auth.method) return PROTOCOL_ERROR;
  return auth.next(server[AUTHENTICATION_DATA] || "") === undefined ? NOT_AUTHORIZED : SUCCESS;
}

/**
 * Authenticates again while connected (4.12.1), one exchange at a time. Throws without a connection of MQTT 5 and a
 * method.
 */
export function reauthenticate(client: Client): void {
  const list: Properties = {};
  must(client.state === READY && client.five && client.handlers.auth, "no MQTT 5 connection with a method");
  client.handlers.auth!(list, 0);
  say(client, REAUTHENTICATE, list);
}

function say(client: Client, code: number, list: Properties): void {
  const bytes = packet(AUTH << 4, chars(code) + encodeProperties(list));
  // Nothing goes inside a large PUBLISH.
  if (client.tail) {
    client.queue += bytes;
    client.secret = 1;
    return;
  }
  // Packets of the queue leave first. The log gets the packet without its data, which may be secret.
  const last = client.queue;
  client.queue = "";
  client.transmit(client.wire, last + bytes, last + packet(AUTH << 4, chars(code)), WHOLE);
}

/** AUTH (3.15). */
function onAuth(client: Client, auth: Auth, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  if (!client.five) return PROTOCOL_ERROR;
  if (parsed.reason) return parsed.reason;
  // CONNACK reports success. An AUTH does so only in an authentication that we have started again.
  const early = client.state !== READY && parsed.code === SUCCESS;
  if (early || parsed.list[AUTHENTICATION_METHOD] !== auth.method) return PROTOCOL_ERROR; // [MQTT-4.12.0-5]
  if (parsed.code !== SUCCESS && parsed.code !== CONTINUE_AUTHENTICATION) return PROTOCOL_ERROR;
  const answer = auth.next(parsed.list[AUTHENTICATION_DATA] || "");
  if (answer === undefined) return NOT_AUTHORIZED;
  if (parsed.code)
    say(client, CONTINUE_AUTHENTICATION, {
      [AUTHENTICATION_METHOD]: auth.method,
      [AUTHENTICATION_DATA]: answer,
    });
  return SUCCESS;
}
