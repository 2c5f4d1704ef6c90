// A client of the profile v5 for tests: CONNACK with properties, and the properties of a message.
import { properties, spec, v5 } from "#subject";
import type { Bytes } from "../../src/board.ts";
import type { Options5 } from "../../src/mqtt/v5/options.ts";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { connectingPeer, feed, forget, type Peer, type PeerOptions } from "../mqtt/peer.ts";

/** CONNACK that accepts, or has another code. */
export function connack(list: Properties = {}, present = 0, code = 0): Bytes {
  const rest = String.fromCharCode(present, code) + properties.encodeProperties(list);
  return `\x20${String.fromCharCode(rest.length)}${rest}`;
}

/** A client that has sent CONNECT. */
export function connecting5(options: PeerOptions = {}, connect: Partial<Options5> = {}): Peer {
  return connectingPeer({ profile: v5, ...options }, connect);
}

/** A client that was accepted with these properties. */
export function ready5(
  server: Properties = {},
  options: PeerOptions = {},
  connect: Partial<Options5> = {},
): Peer {
  const peer = connecting5(options, connect);
  const reason = feed(peer, [connack(server)]);
  if (reason !== spec.SUCCESS) throw new Error(`CONNACK was refused with ${reason}`);
  forget(peer);
  return peer;
}
