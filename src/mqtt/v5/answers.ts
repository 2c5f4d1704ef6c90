// Reason Codes in the answers of a server (3.4 to 3.7, 3.9, 3.11). ../handlers.ts does the rest. In 3.1.1 only SUBACK has
// codes.

import type { Bytes } from "../../board";
import { brief, chars, u16 } from "../bytes";
import { packet } from "../encode";
import { answered, waiting } from "../handlers";
import { fail, remove, tell } from "../outbox";
import { onPubrec, onPubrel } from "../qos2";
import {
  MALFORMED_PACKET,
  PROTOCOL_ERROR,
  PUBCOMP,
  PUBREC,
  PUBREL,
  SUBACK,
  SUCCESS,
  UNSUBACK,
} from "../spec";
import type { Client } from "../state";
import { sendPacket } from "../write";
import { parse } from "./parse";
import { PACKET_IDENTIFIER_NOT_FOUND } from "./spec";

/** PUBACK, PUBREC, PUBREL, PUBCOMP; SUBACK and UNSUBACK with a Reason Code for each filter. */
export function onAnswer5(client: Client, flags: number, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  const type = parsed.type;
  const id = parsed.id;
  const code = parsed.code;
  const codes = type >= SUBACK ? bytes.substr(parsed.at) : client.five ? chars(code) : "";
  if (parsed.reason) return parsed.reason;
  // Codes of success: 0, 1, 2 in SUBACK, else 0, 0x10, 0x11. In 3.1.1 only SUBACK has codes; one above 0x80 is a
  // refusal, too, see ../handlers.ts.
  if (
    client.five
      ? !codes || (type === SUBACK ? /[\x03-\x7f]/ : /[\x01-\x0f\x12-\x7f]/).test(codes)
      : !codes === (type === SUBACK) || /[\x03-\x7f]/.test(codes)
  )
    return MALFORMED_PACKET;
  if (type === PUBREL || (type === PUBREC && code < 128)) {
    if (client.five && !(type === PUBREL ? client.held[id] : client.ids.indexOf(id) >= 0)) {
      const first = ((type + 1) << 4) | (type === PUBREC ? 2 : 0);
      return sendPacket(client, packet(first, u16(id) + chars(PACKET_IDENTIFIER_NOT_FOUND)));
    }
    const short = bytes.substr(0, at + 2);
    return type === PUBREL ? onPubrel(client, flags, short, at) : onPubrec(client, flags, short, at);
  }
  const place = waiting(client, bytes, id);
  if (place < 0) return SUCCESS;
  if (type === UNSUBACK && codes && client.pending[place]!.list!.length !== codes.length)
    return PROTOCOL_ERROR;
  // The server has had the message since PUBREC. If it has forgotten the identifier, that is no failure (3.7.2.1).
  if (code < 128 || (type === PUBCOMP && code === PACKET_IDENTIFIER_NOT_FOUND))
    return answered(client, bytes, id, codes);
  // A failure ends this exchange: no PUBREL follows, and the identifier is free (4.3.3).
  const entry = remove(client, place);
  const five = client.five;
  // Nobody else says it. A topic that is refused again and again is named once on each connection.
  if (five && !entry.done && !entry.list && five.refused !== entry.topic) {
    five.refused = entry.topic;
    const what = "the broker refused the message to " + brief(entry.topic);
    fail(client, what + ", reason 0x" + code.toString(16), code);
  }
  tell(client, entry, code, "");
  return SUCCESS;
}
