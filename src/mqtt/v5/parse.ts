// The common fields of a server's packets: Packet Identifier, and in MQTT 5 Reason Code and properties, in this order. A
// packet has those of its type. Texts of the server go to the log.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { CONNACK, MALFORMED_PACKET, PUBLISH, SUBACK, SUCCESS, UNSUBACK } from "../spec";
import type { Client } from "../state";
import { type Properties, type Reader, readProperties, readValue } from "./properties";
import { REASON_STRING, SERVER_REFERENCE } from "./spec";

export interface Parsed extends Reader {
  type: number;
  /** Packet Identifier; 1 where the type has none. */
  id: number;
  /** Reason Code; 0 where there is none. */
  code: number;
  list: Properties;
}

/**
 * Reads a packet from `at` on, in a PUBLISH from the end of its topic. A `reason` other than SUCCESS ends the connection.
 * @resident
 */
export function parse(client: Client, bytes: Bytes, at: number): Parsed {
  const type = bytes.charCodeAt(0) >> 4;
  const parsed: Parsed = { bytes, at, reason: SUCCESS, type, id: 1, code: 0, list: {} };
  // These types have a payload after the properties; the others have a Reason Code before them.
  const payload = type === PUBLISH || type === SUBACK || type === UNSUBACK;
  if (type === PUBLISH ? bytes.charCodeAt(0) & 6 : type > PUBLISH && type <= UNSUBACK)
    parsed.id = readValue(parsed, "2") as number;
  if (client.five) {
    if (!payload) parsed.code = (readValue(parsed, "1") as number) || 0;
    // A Reason Code of 0 may be missing, and so may the properties (3.4.2.1, 3.14.2.1). Most packets have none.
    if (bytes[parsed.at] === "\0") parsed.at++;
    else if (payload || type === CONNACK || bytes.length > parsed.at)
      parsed.list = readProperties(parsed, type);
    else parsed.at = bytes.length;
  }
  if (!parsed.id || !(bytes.length >= parsed.at) || (!payload && bytes.length > parsed.at))
    parsed.reason = MALFORMED_PACKET;
  const why = parsed.list[REASON_STRING];
  const where = parsed.list[SERVER_REFERENCE];
  if (parsed.reason) return parsed;
  if (why || where)
    say(client.log, INFO, "mqtt", "the broker says: " + (why || "moved") + (where ? ", see " + where : ""));
  const versions = client.versions!;
  if (where && versions.options.followServer && !versions.followed) versions.reference = where;
  return parsed;
}
