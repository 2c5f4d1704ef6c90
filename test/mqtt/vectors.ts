// MQTT 3.1.1 packets after CONNECT, in one table for both directions: `sent` encodes the packet, `received` has the events
// of its arrival. Some packets have both.
import { packet, spec } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { wire } from "../support/wire.ts";
import { MESSAGES } from "./message-vectors.ts";
import type { Peer } from "./peer.ts";
import { SUBSCRIPTIONS } from "./subscribe-vectors.ts";

export interface Vector {
  name: string;
  bytes: Bytes;
  /** Encodes it. */
  sent?: () => Bytes;
  /** The calls before the packet; `id` is the client's next identifier. */
  given?: { id: number; does(peer: Peer): void };
  /** Only builds with QoS 2 accept it. */
  qos2?: true;
  /** The events of its arrival. */
  received?: string[];
}

export const VECTORS: Vector[] = [
  ...MESSAGES,
  ...SUBSCRIPTIONS,
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

/** Packets that a server sends after CONNACK. */
export const RECEIVED = VECTORS.filter(
  (vector): vector is Vector & { received: string[] } => vector.received !== undefined,
);

/** Brings a client into the state that the vector is for. */
export function prepare(peer: Peer, vector: Vector): void {
  if (!vector.given) return;
  peer.client.lastId = vector.given.id - 1;
  vector.given.does(peer);
}
