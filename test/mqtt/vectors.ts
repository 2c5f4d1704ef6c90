// MQTT 3.1.1 packets after CONNECT, byte by byte with the standard's names. One table for both directions: `sent` makes
// the packet, `received` says what comes of its arrival; some packets have both.
import {
  encodeAck,
  encodePublish,
  encodeSubscribe,
  encodeUnsubscribe,
  packet,
  publish,
  spec,
  subscribe,
  unsubscribe,
} from "#subject";
import type { Bytes } from "../../src/board.ts";
import { utf8, wire } from "../wire.ts";
import { noted, type Peer } from "./peer.ts";

export interface Vector {
  name: string;
  bytes: Bytes;
  /** Encodes it. */
  sent?: () => Bytes;
  /** What the client has done before; `id` is the identifier it gives next. */
  given?: { id: number; does(peer: Peer): void };
  /** The events of its arrival. */
  received?: string[];
}

const long = utf8("é".repeat(70));

export const VECTORS: Vector[] = [
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
    name: "PUBLISH, QoS 0 with an identifier that does not count",
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
    name: "PUBLISH, QoS 1, again, retained and empty",
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
    name: "PUBLISH, QoS 2, again, of one that was never seen",
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
    bytes: wire`
      70             ; PUBCOMP
      02             ; Remaining Length
      0103           ; Packet Identifier 259, which nothing waits for
    `,
    sent: () => encodeAck(spec.PUBCOMP, 259),
    received: [],
  },
  {
    name: "SUBSCRIBE, one filter",
    bytes: wire`
      82             ; SUBSCRIBE, its reserved flags 0010
      0c             ; Remaining Length
      0001           ; Packet Identifier
      0007 'mg/test' ; Topic Filter
      01             ; Requested QoS
    `,
    sent: () => encodeSubscribe(1, [{ filter: "mg/test", qos: 1 }]),
  },
  {
    name: "SUBSCRIBE, many filters",
    bytes: wire`
      82             ; SUBSCRIBE
      1c             ; Remaining Length 28
      ffff           ; Packet Identifier 65535
      0001 '#'  00   ; Topic Filter, Requested QoS
      0001 '+'  01
      0001 '/'  02
      0005 'a/+/b' 02
      0003 'c/#' 00
    `,
    sent: () =>
      encodeSubscribe(65535, [
        { filter: "#", qos: 0 },
        { filter: "+", qos: 1 },
        { filter: "/", qos: 2 },
        { filter: "a/+/b", qos: 2 },
        { filter: "c/#", qos: 0 },
      ]),
  },
  {
    name: "SUBACK, one filter",
    bytes: wire`
      90             ; SUBACK
      03             ; Remaining Length
      0201           ; Packet Identifier 513
      01             ; granted QoS 1
    `,
    given: {
      id: 513,
      does: (peer) => subscribe(peer.client, [{ filter: "f", qos: 2 }], noted(peer, "subscribed")),
    },
    received: ["subscribed 0x0 01"],
  },
  {
    name: "SUBACK, many filters",
    bytes: wire`
      90             ; SUBACK
      06             ; Remaining Length
      0202           ; Packet Identifier 514
      00 01 02       ; granted QoS, in the order of the filters
      80             ; refused
    `,
    given: {
      id: 514,
      does(peer) {
        const subscriptions = ["a", "b", "c", "d"].map((filter) => ({ filter, qos: 2 }));
        subscribe(peer.client, subscriptions, noted(peer, "subscribed"));
      },
    },
    received: ["subscribed 0x0 00010280"],
  },
  {
    name: "UNSUBSCRIBE, one filter",
    bytes: wire`
      a2             ; UNSUBSCRIBE, its reserved flags 0010
      05             ; Remaining Length
      0100           ; Packet Identifier 256
      0001 '#'       ; Topic Filter
    `,
    sent: () => encodeUnsubscribe(256, ["#"]),
  },
  {
    name: "UNSUBSCRIBE, many filters",
    bytes: wire`
      a2             ; UNSUBSCRIBE
      0d             ; Remaining Length
      0003           ; Packet Identifier
      0001 'a'       ; Topic Filters
      0003 '+/b'
      0001 '#'
    `,
    sent: () => encodeUnsubscribe(3, ["a", "+/b", "#"]),
  },
  {
    name: "UNSUBACK",
    bytes: wire`
      b0             ; UNSUBACK
      02             ; Remaining Length
      0301           ; Packet Identifier 769
    `,
    given: { id: 769, does: (peer) => unsubscribe(peer.client, ["f"], noted(peer, "unsubscribed")) },
    received: ["unsubscribed 0x0 "],
  },
  {
    name: "PINGREQ",
    bytes: wire`
      c0             ; PINGREQ
      00             ; Remaining Length
    `,
    sent: () => packet(spec.PINGREQ << 4, ""),
  },
  {
    name: "PINGRESP",
    bytes: wire`
      d0             ; PINGRESP
      00             ; Remaining Length
    `,
    received: [],
  },
  {
    name: "DISCONNECT",
    bytes: wire`
      e0             ; DISCONNECT
      00             ; Remaining Length
    `,
    sent: () => packet(spec.DISCONNECT << 4, ""),
  },
];

/** Those that a server sends after CONNACK. */
export const RECEIVED = VECTORS.filter((vector) => vector.received);

/** Brings a client into the state that the vector is for. */
export function prepare(peer: Peer, vector: Vector): void {
  if (!vector.given) return;
  peer.client.id = vector.given.id - 1;
  vector.given.does(peer);
}
