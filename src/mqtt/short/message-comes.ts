// The short way in of a PUBLISH that has come whole and alone (3.3, 4.3).

import { FIVE } from "#five";
import type { Bytes } from "../../board";
import { ERROR, say } from "../../log";
import { PUBREL, SUCCESS } from "../spec";
import { type Client, DELIVERIES, FRAME_OVERHEAD, MAX_HELD, WHOLE } from "../state";
import { RECEIVE_MAXIMUM, TOPIC_ALIAS } from "../v5/spec";
import { ANSWER } from "./answer-comes";
import { sendWaiting } from "./send-waiting";

/** First bytes: PUBLISH at QoS 0, PUBLISH at QoS 1, at QoS 2, and the last one of these without DUP; RETAIN adds 1. */
const QOS_0 = 0x30;
const MOSTLY = "\x30";
const QOS_1 = 0x32;
const QOS_2 = 0x34;
const LAST = 0x35;
/** MQTT 5: the properties are a Topic Alias and no more (3.3.2.3.4): their length, its identifier. */
const ALIAS_ALONE = "\x03\x23";
const ALIAS_BYTES = 4;

/**
 * Reads `rest`, which is these bytes, if it is one PUBLISH; delivers the message and sends the answer.
 * @returns as `receive`; DELIVERIES if something is unusual: then the general path goes on
 * @resident
 */
export function messageComes(client: Client, bytes: Bytes): number {
  const first = bytes[0] === MOSTLY ? QOS_0 : bytes.charCodeAt(0);
  const size = bytes.length;
  let at = 2;
  let end = 2 + bytes.charCodeAt(1);
  if (end > 129) {
    const high = bytes.charCodeAt(2);
    // Neither three bytes of Remaining Length nor an over-long form.
    end = high && high < 128 ? end + high * 128 - 127 : 0;
    at = 3;
  }
  if (first < QOS_0 || first > LAST || !(end >= size) || end > client.packetLimit) return DELIVERIES;
  if (end > size) {
    // A build without QoS 2 refuses its fixed header at once.
    if (first >= QOS_2 && !client.handlers[PUBREL]) return DELIVERIES;
    client.need = end;
    return SUCCESS;
  }
  // A Topic Name of 1..255 bytes inside the packet: printable ASCII without wildcards, or the same as the last one.
  let from = bytes[at] === "\0" ? at + 2 + bytes.charCodeAt(at + 1) : 0;
  let topic = bytes.substring(at + 2, from);
  const five = FIVE ? client.five : undefined;
  if (
    from < at + (FIVE && five ? 2 : 3) ||
    from > end ||
    (topic !== client.lastTopicIn && /[^ -"$-*,-~]/.test(topic))
  )
    return DELIVERIES;
  if (topic) client.lastTopicIn = topic;
  const id = first < QOS_1 ? "" : bytes.substr(from, 2);
  if (first >= QOS_1) {
    from += 2;
    const most = client.unsentLimit - ANSWER - FRAME_OVERHEAD;
    // The known number may be old.
    if (client.unsent > most) client.unsent = client.untransmitted(client.wire);
    if (client.unsent > most || from > end || id === "\0\0" || client.queue || client.tail) return DELIVERIES;
  }
  const properties: { [id: number]: number } | undefined = FIVE ? {} : undefined;
  if (FIVE && five) {
    if (bytes[from] === "\0" && topic) from++;
    else {
      const alias = bytes.charCodeAt(from + 2) * 256 + bytes.charCodeAt(from + 3);
      if (topic || bytes.substr(from, 2) !== ALIAS_ALONE || !five.heard[alias]) return DELIVERIES;
      topic = five.heard[alias]!;
      properties![TOPIC_ALIAS] = alias;
      from += ALIAS_BYTES;
    }
  }
  if (first >= QOS_2) {
    const number = id.charCodeAt(0) * 256 + id.charCodeAt(1);
    const full = client.heldCount >= (FIVE && five ? five.ours[RECEIVE_MAXIMUM]! : MAX_HELD);
    if (!client.handlers[PUBREL] || client.held[number] || full) return DELIVERIES;
    client.held[number] = 1;
    client.heldCount++;
  }
  // The answer is queued first: if the application then fails on the message, the server does not send it again.
  const answer = id ? (first < QOS_2 ? "\x40\x02" : "\x50\x02") + id : "";
  client.queue += answer;
  client.rest = "";
  client.need = 2;
  client.corked = 1;
  // As `deliver` does.
  try {
    client.received(client.owner, topic, bytes.substr(from), first & 15, properties);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error);
  }
  client.silent = 0;
  if (client.answers) return DELIVERIES;
  client.corked = 0;
  // sendWaiting would find out as well, but a call is dearer (engine 23).
  if (client.pending[client.sent] || client.queue !== answer) return sendWaiting(client);
  if (answer) {
    client.queue = "";
    client.idle = 0;
    client.unsent = client.transmit(client.wire, answer, answer, WHOLE);
  }
  return SUCCESS;
}
