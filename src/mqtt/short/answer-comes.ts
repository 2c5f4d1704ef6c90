// The short way in of a lone answer to a message (3.4 to 3.7).

import { FIVE } from "#five";
import type { Bytes } from "../../board";
import { ERROR, say } from "../../log";
import { OVERTAKEN, PUBCOMP, SUCCESS } from "../spec";
import { type Client, DELIVERIES, type Done, FRAME_OVERHEAD, WHOLE } from "../state";
import { sendWaiting } from "./send-waiting";

/** Bytes of an answer: PUBACK, PUBREC, PUBREL, PUBCOMP without more than an identifier. */
export const ANSWER = 4;
/** First bytes of answers. */
const PUBREC_BYTE = 0x50;
const PUBREL_BYTE = 0x62;
const PUBCOMP_BYTE = 0x70;

/**
 * Reads `rest`, which is these bytes, if it is one PUBACK, PUBREC, PUBREL or PUBCOMP that is awaited and tells no failure.
 * @returns as `messageComes`
 * @resident
 */
export function answerComes(client: Client, bytes: Bytes): number {
  const first = bytes.charCodeAt(0);
  const id = bytes.charCodeAt(2) * 256 + bytes.charCodeAt(3);
  // MQTT 5: with a Reason Code of success, or of a message without subscribers (3.4.2.1).
  const code = FIVE && client.five ? bytes[ANSWER] || "\0" : "";
  const size = FIVE && bytes[1] === "\x03" ? ANSWER + 1 : ANSWER;
  if (bytes.length !== size || client.alone || client.watched) return DELIVERIES;
  if (first === PUBREC_BYTE || first === PUBREL_BYTE) {
    // These are answered.
    const most = client.unsentLimit - ANSWER - FRAME_OVERHEAD;
    if (client.unsent > most) client.unsent = client.untransmitted(client.wire);
    if (client.unsent > most || client.queue || client.tail) return DELIVERIES;
  }
  if (FIVE && (client.five ? code !== "\0" && code !== "\x10" : size > ANSWER)) return DELIVERIES;
  let done: Done | undefined;
  let reply = "";
  if (first === PUBREL_BYTE) {
    if (!client.held[id] || size > ANSWER) return DELIVERIES;
    delete client.held[id];
    client.heldCount--;
    reply = "\x70\x02" + bytes.substr(2); // [MQTT-4.3.3-2]
  } else {
    const at = client.ids[0] === id ? 0 : client.ids.indexOf(id);
    const entry = client.pending[at];
    // Types above PUBCOMP answer requests with filters.
    if (at < 0 || at >= client.sent || entry!.kind << 4 !== first || first > PUBCOMP_BYTE) return DELIVERIES;
    if (first === PUBREC_BYTE) {
      client.outboxBytes -= entry!.payload.length;
      // The server has the message: only the identifier is still needed. [MQTT-4.3.3-1]
      entry!.kind = PUBCOMP;
      entry!.payload = "";
      reply = "\x62\x02" + bytes.substr(2, 2);
    } else {
      client.pending.splice(at, 1);
      client.ids.splice(at, 1);
      client.sent--;
      client.outboxBytes -= entry!.topic.length + entry!.payload.length;
      if (FIVE && entry!.more) client.outboxBytes -= entry!.more.length;
      if (at) client.pending[0]!.flags |= OVERTAKEN;
      else client.waited = 0;
      done = entry!.done;
    }
  }
  client.rest = "";
  client.need = 2;
  client.silent = 0;
  if (done) {
    client.corked = 1;
    try {
      done(SUCCESS, code);
    } catch (error) {
      say(client.log, ERROR, "app", "" + error);
    }
    if (client.answers) return DELIVERIES;
    client.corked = 0;
  }
  if (client.pending[client.sent] || client.queue) {
    client.queue += reply;
    const result = sendWaiting(client);
    // What waited for this answer has been written: asks to be told when it has left.
    if (!client.pending[client.sent]) client.unsent = client.untransmitted(client.wire);
    return result;
  }
  if (reply) {
    client.idle = 0;
    client.unsent = client.transmit(client.wire, reply, reply, WHOLE);
  }
  return SUCCESS;
}
