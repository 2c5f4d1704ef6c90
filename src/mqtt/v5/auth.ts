// Enhanced authentication (4.12): AUTH in both directions, by a method that the application gives.

import type { Bytes } from "../../board";
import { chars, must } from "../bytes";
import { packet } from "../encode";
import { AUTH, NOT_AUTHORIZED, PROTOCOL_ERROR, SUCCESS } from "../spec";
import { type Client, type Kinds, READY } from "../state";
import { parse } from "./parse";
import { encodeProperties } from "./properties";
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
export function withAuth(kinds: Kinds, auth: Auth): Kinds {
  const all: Kinds = { auth, older: kinds.older };
  for (let type = 1; type < AUTH; type++) if (kinds[type]) all[type] = kinds[type]!;
  all[AUTH] = onAuth;
  return all;
}

/** Authenticates anew while connected (4.12.1), at most once at a time. Throws where there is no connection. */
export function reauthenticate(client: Client): void {
  must(client.state === READY && client.five && client.kinds.auth, "no MQTT 5 connection with a method");
  say(client, REAUTHENTICATE, client.kinds.auth!.next(""));
}

function say(client: Client, code: number, data: Bytes | undefined): void {
  const list = { [AUTHENTICATION_METHOD]: client.kinds.auth!.method, [AUTHENTICATION_DATA]: data || "" };
  const bytes = packet(AUTH << 4, chars(code) + encodeProperties(list));
  // What was said before goes first; a secret is not for the log.
  const last = client.queue;
  client.queue = "";
  client.transmit(client.wire, last + bytes, last + packet(AUTH << 4, chars(code)));
}

/** AUTH (3.15). */
function onAuth(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  const auth = client.kinds.auth!;
  if (parsed.reason) return parsed.reason;
  // Success is said by CONNACK, and by AUTH only when we have asked for it anew.
  const early = client.state !== READY && parsed.code === SUCCESS;
  if (early || parsed.list[AUTHENTICATION_METHOD] !== auth.method) return PROTOCOL_ERROR; // [MQTT-4.12.0-5]
  if (parsed.code !== SUCCESS && parsed.code !== CONTINUE_AUTHENTICATION) return PROTOCOL_ERROR;
  const answer = auth.next(parsed.list[AUTHENTICATION_DATA] || "");
  if (answer === undefined) return NOT_AUTHORIZED;
  if (parsed.code) say(client, CONTINUE_AUTHENTICATION, answer);
  return SUCCESS;
}
