// DISCONNECT with a Reason Code and properties (3.14), for an application that gives the server a reason for its end.

import type { Bytes } from "../../board";
import { brief, chars, must } from "../bytes";
import { DISCONNECT } from "../spec";
import type { Client } from "../state";
import { checked } from "./checked";
import type { Properties } from "./properties";
import { SERVER_REFERENCE, SESSION_EXPIRY_INTERVAL } from "./spec";

/** Reason Codes that a client may send (3.14.2.1). */
const CODES: Bytes = "\0\x04\x80\x81\x82\x83\x90\x93\x94\x95\x96\x97\x98\x99";

/**
 * Sets the Reason Code and properties of the next DISCONNECT. Call it before `disconnect`, or use `stopWith`
 * (src/link/stop-with.ts). With DISCONNECT_WITH_WILL the server publishes our will. On a connection that speaks 3.1.1 it
 * does nothing.
 * @param code a Reason Code that a client may send
 * @param list SESSION_EXPIRY_INTERVAL, unless CONNECT had none [MQTT-3.1.2-23]; REASON_STRING, USER_PROPERTY
 * @throws on another code or property
 */
export function disconnectWith(client: Client, code: number, list: Properties): void {
  const five = client.five;
  must(
    code >= 0 && code < 256 && CODES.indexOf(chars(code)) >= 0,
    "bad reason of a DISCONNECT " + brief("" + code),
  );
  must(list[SERVER_REFERENCE] === undefined, "only a server names another one");
  must(
    !list[SESSION_EXPIRY_INTERVAL] || !five || five.ours[SESSION_EXPIRY_INTERVAL],
    "a session that ends with its connection cannot last longer",
  );
  const properties = checked(list, DISCONNECT);
  client.parting = five ? chars(code) + properties : "";
}
