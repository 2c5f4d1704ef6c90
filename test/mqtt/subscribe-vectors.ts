// SUBSCRIBE, UNSUBSCRIBE and their answers (3.8 to 3.11), byte by byte with the standard's names.
import { subscribe, unsubscribe } from "#subject";
import { encodeSubscribe, encodeUnsubscribe } from "../support/packets.ts";
import { wire } from "../support/wire.ts";
import { noted } from "./peer.ts";
import type { Vector } from "./vectors.ts";

export const SUBSCRIPTIONS: Vector[] = [
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
      does: (peer) => subscribe(peer.client, [{ filter: "f", qos: 1 }], noted(peer, "subscribed")),
    },
    received: ["subscribed 0x0 01"],
  },
  {
    name: "SUBACK, many filters",
    qos2: true,
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
];
