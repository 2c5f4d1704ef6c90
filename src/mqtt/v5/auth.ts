// Enhanced authentication (4.12): AUTH in both directions, by a method that the application gives.

import type { Bytes } from "../../board";
import { chars, must } from "../bytes";
import { packet } from "../encode";
import { AUTH, NOT_AUTHORIZED, PROTOCOL_ERROR, SUCCESS } from "../spec";
import { ACCEPTED, type Client, type Handlers, READY } from "../state";
import { parse } from "./parse";
import { encodeProperties, type Properties } from "./properties";
import { AUTHENTICATION_DATA, AUTHENTICATION_METHOD, CONTINUE_AUTHENTICATION, REAUTHENTICATE } from "./spec";

/** A method. */
export interface Auth {
  /** Its name (3.1.2.11.9). */
  method: Bytes;
  /**
   * What to say to the server: to "" the first words, else to what it has said, also when it has accepted us. Undefined:
   * the server is not trusted, the connection ends.
   */
  next(data: Bytes): Bytes | undefined;
}

/** The handlers of a profile, and this method. */
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

/** CONNACK has the method that we have named, none if none [MQTT-4.12.0-5, 4.12.0-6]. */
function judge(auth: Auth, server: Properties): number {
  if (server[AUTHENTICATION_METHOD] !== auth.method) return PROTOCOL_ERROR;
  return auth.next(server[AUTHENTICATION_DATA] || "") === undefined ? NOT_AUTHORIZED : SUCCESS;
}

/** Authenticates anew while connected (4.12.1), at most once at a time. Throws where there is no connection. */
export function reauthenticate(client: Client): void {
  const list: Properties = {};
  must(client.state === READY && client.five && client.handlers.auth, "no MQTT 5 connection with a method");
  client.handlers.auth!(list, 0);
  say(client, REAUTHENTICATE, list);
}

function say(client: Client, code: number, list: Properties): void {
  const bytes = packet(AUTH << 4, chars(code) + encodeProperties(list));
  // What was said before goes first; a secret is not for the log.
  const last = client.queue;
  client.queue = "";
  client.transmit(client.wire, last + bytes, last + packet(AUTH << 4, chars(code)));
}

/** AUTH (3.15). */
function onAuth(client: Client, auth: Auth, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  if (!client.five) return PROTOCOL_ERROR;
  if (parsed.reason) return parsed.reason;
  // Success is said by CONNACK, and by AUTH only when we have asked for it anew.
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
