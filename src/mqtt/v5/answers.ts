// Answers of a server that speaks MQTT 5 (3.4 to 3.7, 3.9, 3.11): what their Reason Codes mean; the rest is what 3.1.1
// does with them.

import type { Bytes } from "../../board";
import { chars, u16 } from "../bytes";
import { packet } from "../encode";
import { answered, waiting } from "../handlers";
import { remove, tell } from "../session";
import { MALFORMED_PACKET, PROTOCOL_ERROR, PUBREC, PUBREL, SUBACK, SUCCESS, UNSUBACK } from "../spec";
import type { Client } from "../state";
import { sendPacket } from "../write";
import { parse } from "./parse";
import { PACKET_IDENTIFIER_NOT_FOUND } from "./spec";

/** PUBACK, PUBREC, PUBREL, PUBCOMP; SUBACK and UNSUBACK with a Reason Code for each filter. */
export function onAnswer5(client: Client, flags: number, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  const type = parsed.type;
  const id = parsed.id;
  const list = type >= SUBACK;
  const codes = list ? bytes.substr(parsed.at) : chars(parsed.code);
  if (parsed.reason) return parsed.reason;
  // Of those that are no failures, SUBACK has 0, 1, 2, the others 0, 0x10, 0x11.
  if (!codes || (type === SUBACK ? /[\x03-\x7f]/ : /[\x01-\x0f\x12-\x7f]/).test(codes))
    return MALFORMED_PACKET;
  const failed = !list && parsed.code > 127;
  if (type === PUBREL || (type === PUBREC && !failed)) {
    if (type === PUBREL ? client.held[id] : client.ids.indexOf(id) >= 0)
      return client.kinds.older![type]!(client, flags, bytes.substr(0, at + 2), at);
    const first = ((type + 1) << 4) | (type === PUBREC ? 2 : 0);
    return sendPacket(client, packet(first, u16(id) + chars(PACKET_IDENTIFIER_NOT_FOUND)));
  }
  const place = waiting(client, bytes, id);
  if (place < 0) return SUCCESS;
  if (type === UNSUBACK && client.out[place]!.list!.length !== codes.length) return PROTOCOL_ERROR;
  if (!failed) return answered(client, bytes, id, codes);
  // The end of this message: no PUBREL, and its identifier is free (4.3.3).
  tell(client, remove(client, place), parsed.code, "");
  return SUCCESS;
}
