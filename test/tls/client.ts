// Drives a client through the handshake with a scripted server, without a network.

import type { Psk } from "../../src/board.ts";
import type { Tls } from "../../src/tls/state.ts";
import { busy, goOn, newTls } from "../../src/tls/tls.ts";
import { crypto } from "./rig.ts";
import { IDENTITY, KEY, TlsServer } from "./server.ts";

export const UP = 8;
export const OVER = 9;

/** A client with its key; each gets other random bytes. */
export function clientOf(psk: Partial<Psk> = {}, host = "broker"): Tls {
  return newTls(
    crypto,
    { identity: IDENTITY, key: KEY, start: 1, connections: ++count, ...psk },
    host,
    "noise",
  );
}
let count = 0;

/** What waits to be sent, which then is sent. */
export function sent(tls: Tls): string {
  const out = tls.out ?? "";
  delete tls.out;
  return out;
}

/** Does the calculations, all of them or so many steps. */
export function calculate(tls: Tls, steps = 3): void {
  while (busy(tls) && steps--) goOn(tls);
}

/** The whole handshake; returns the server's flights. */
export function driven(tls: Tls, server: TlsServer): { first: string; last: string } {
  const first = server.first(sent(tls));
  tls.takeBytes(tls, first);
  calculate(tls);
  const last = server.last(sent(tls));
  tls.takeBytes(tls, last);
  if (tls.state !== UP) throw new Error(`not up: ${tls.why}`);
  return { first, last };
}

/** A client and its server after the handshake. */
export function connectedPair(): { tls: Tls; server: TlsServer } {
  const tls = clientOf();
  const server = new TlsServer();
  driven(tls, server);
  return { tls, server };
}
