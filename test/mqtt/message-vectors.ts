// PUBLISH and its answers (3.3 to 3.7), byte by byte with the standard's names: packets that both sides send.
import { encodeAck, publish, spec } from "#subject";
import { encodePublish } from "../support/packets.ts";
import { utf8, wire } from "../support/wire.ts";
import { noted } from "./peer.ts";
import type { Vector } from "./vectors.ts";

const long = utf8("é".repeat(70));

export const MESSAGES: Vector[] = [
  {
    name: "PUBLISH, QoS 0",
    bytes: wire`
      30             ; PUBLISH, no DUP, QoS 0, no RETAIN
      0e             ; Remaining Length 14
      0007 'mg/test' ; Topic Name
      'hello'        ; payload
    `,
    sent: () => encodePublish("mg/test", "hello", 0, 0),
    received: ['message "mg/test" "hello" 0'],
  },
  {
    name: "PUBLISH, QoS 0, retained and empty",
    bytes: wire`
      31             ; PUBLISH, RETAIN
      03             ; Remaining Length
      0001 'a'       ; Topic Name
                     ; no payload: the retained message goes away
    `,
    sent: () => encodePublish("a", "", spec.RETAIN, 0),
    received: ['message "a" "" 1'],
  },
  {
    name: "PUBLISH, QoS 0, without the identifier that the caller gave",
    bytes: wire`
      30             ; PUBLISH
      05             ; Remaining Length
      0001 '/'       ; Topic Name: two empty levels
      ff00           ; payload, which no text is made of
    `,
    sent: () => encodePublish("/", "\xff\0", 0, 7),
    received: ['message "/" "ÿ\\u0000" 0'],
  },
  {
    name: "PUBLISH with a Remaining Length of two bytes and a topic beyond ASCII",
    bytes:
      wire`
      30             ; PUBLISH
      9001           ; Remaining Length 144
      008c           ; Length of the Topic Name 140
    ` +
      long +
      wire`
      'ok'           ; payload
    `,
    sent: () => encodePublish(long, "ok", 0, 0),
    received: [`message ${JSON.stringify(long)} "ok" 0`],
  },
  {
    name: "PUBLISH, QoS 1",
    bytes: wire`
      32             ; PUBLISH, QoS 1
      07             ; Remaining Length
      0002 'a/'      ; Topic Name
      000a           ; Packet Identifier 10
      'x'            ; payload
    `,
    sent: () => encodePublish("a/", "x", 2, 10),
    received: ["sent 4002000a", 'message "a/" "x" 2'],
  },
  {
    name: "PUBLISH, QoS 1, with DUP, retained and empty",
    bytes: wire`
      3b             ; PUBLISH, DUP, QoS 1, RETAIN
      05             ; Remaining Length
      0001 'b'       ; Topic Name
      ffff           ; Packet Identifier 65535
    `,
    sent: () => encodePublish("b", "", spec.DUP | 2 | spec.RETAIN, 65535),
    received: ["sent 4002ffff", 'message "b" "" 11'],
  },
  {
    name: "PUBLISH, QoS 2",
    qos2: true,
    bytes: wire`
      34             ; PUBLISH, QoS 2
      07             ; Remaining Length
      0001 'c'       ; Topic Name
      1234           ; Packet Identifier
      'yz'           ; payload
    `,
    sent: () => encodePublish("c", "yz", 4, 0x1234),
    received: ["sent 50021234", 'message "c" "yz" 4'],
  },
  {
    name: "PUBLISH, QoS 2, with DUP, never seen before",
    qos2: true,
    bytes: wire`
      3d             ; PUBLISH, DUP, QoS 2, RETAIN
      06             ; Remaining Length
      0001 'c'       ; Topic Name
      0100           ; Packet Identifier 256
      00             ; payload
    `,
    sent: () => encodePublish("c", "\0", spec.DUP | 4 | spec.RETAIN, 256),
    received: ["sent 50020100", 'message "c" "\\u0000" 13'],
  },
  {
    name: "PUBACK",
    bytes: wire`
      40             ; PUBACK
      02             ; Remaining Length
      0101           ; Packet Identifier 257
    `,
    sent: () => encodeAck(spec.PUBACK, 257),
    given: { id: 257, does: (peer) => publish(peer.client, "t", "", 1, false, noted(peer, "published")) },
    received: ["published 0x0 "],
  },
  {
    name: "PUBREC",
    qos2: true,
    bytes: wire`
      50             ; PUBREC
      02             ; Remaining Length
      0102           ; Packet Identifier 258
    `,
    sent: () => encodeAck(spec.PUBREC, 258),
    given: { id: 258, does: (peer) => publish(peer.client, "t", "", 2, false, noted(peer, "published")) },
    received: ["sent 62020102"],
  },
  {
    name: "PUBREL",
    qos2: true,
    bytes: wire`
      62             ; PUBREL, its reserved flags 0010
      02             ; Remaining Length
      8001           ; Packet Identifier 32769
    `,
    sent: () => encodeAck(spec.PUBREL, 32769),
    received: ["sent 70028001"],
  },
  {
    name: "PUBCOMP",
    qos2: true,
    bytes: wire`
      70             ; PUBCOMP
      02             ; Remaining Length
      0103           ; Packet Identifier 259, which nothing waits for
    `,
    sent: () => encodeAck(spec.PUBCOMP, 259),
    received: [],
  },
];
