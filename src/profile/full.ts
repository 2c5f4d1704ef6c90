// All of MQTT 3.1.1: QoS 0, 1 and 2, wills, an outbox that can be saved, reasons in words.

import { FIVE, words5 } from "#five";
import { BOOLEAN, NUMBER, TEXT, TOPIC } from "../config/check";
import { load } from "../link/outbox-file";
import type { Profile } from "../link/profile";
import { encodeWill } from "../mqtt/encode";
import { onConnack, onFinal, onPingresp, onPublish, onSuback } from "../mqtt/handlers";
import { onPubrec, onPubrel } from "../mqtt/qos2";
import {
  BAD_USER_NAME_OR_PASSWORD,
  CLIENT_IDENTIFIER_NOT_VALID,
  ENDS_CONNECTION,
  KEEP_ALIVE_TIMEOUT,
  MALFORMED_PACKET,
  MAX_FIELD,
  NO_ANSWER,
  NO_CONNACK,
  NOT_AUTHORIZED,
  PACKET_TOO_LARGE,
  PROTOCOL_ERROR,
  RECEIVE_MAXIMUM_EXCEEDED,
  SERVER_UNAVAILABLE,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../mqtt/spec";

export const full: Profile = {
  title: () => "full",
  handlers: {
    2: onConnack,
    3: onPublish,
    4: onFinal, // PUBACK
    5: onPubrec,
    6: onPubrel,
    7: onFinal, // PUBCOMP
    9: onSuback,
    11: onFinal, // UNSUBACK
    13: onPingresp,
  },
  maxQos: 2,
  willFields: encodeWill,
  willRule: () => ({
    "?": true,
    topic: [TOPIC, 1, MAX_FIELD],
    payload: [TEXT, 0, MAX_FIELD, ""],
    qos: [NUMBER, 0, 2, 0],
    retain: [BOOLEAN, 0, 0, false],
  }),
  saveRule: () => [BOOLEAN, 0, 0, false],
  load,
  words(reason) {
    const text: { [reason: number]: string } = {};
    text[NO_CONNACK] = "no CONNACK in 10 s";
    text[NO_ANSWER] = "no answer to a packet in 180 s";
    text[ENDS_CONNECTION] = "the broker ended the connection each time it got it";
    text[KEEP_ALIVE_TIMEOUT] = "no PINGRESP in 10 s";
    text[MALFORMED_PACKET] = "malformed packet from the broker";
    text[PROTOCOL_ERROR] = "the broker broke the protocol";
    text[PACKET_TOO_LARGE] = "packet over mqtt.maxPacket";
    text[RECEIVE_MAXIMUM_EXCEEDED] = "too many QoS 2 messages at a time";
    text[UNSUPPORTED_PROTOCOL_VERSION] = "the broker does not speak MQTT 3.1.1";
    text[CLIENT_IDENTIFIER_NOT_VALID] = "the broker refused mqtt.clientId";
    text[BAD_USER_NAME_OR_PASSWORD] = "bad user name or password in mqtt.url";
    text[NOT_AUTHORIZED] = "not authorized: check the user name and password in mqtt.url";
    text[SERVER_UNAVAILABLE] = "the broker is not available now";
    // docs/final-words.md has the table of all reasons.
    return (
      "0x" +
      reason.toString(16) +
      " " +
      ((FIVE && words5(reason)) || text[reason] || "(see docs/final-words.md)")
    );
  },
};
