// The socket of the board's one connection, and the line that it reports to. Both transports, lean.ts and socket.ts, use it.

import type { Bytes, Line } from "../../src/board";
import { secured, securing } from "./tls";

/** A socket that knows its line while it is the current one: to ask that is cheaper than to compare objects (engine 39). */
export interface Held extends EspruinoSocket {
  line?: Line;
  /** 1 while `drain` is listened to. */
  heard?: number;
}

export let socket: Held | undefined;
export let line: Line | undefined;

/** Sets the line, and the socket when there is one. Without arguments it forgets both. */
export function hold(to?: Line, its?: Held): void {
  if (socket) delete socket.line;
  line = to;
  socket = its;
  // In a TLS handshake the first event has to be noticed.
  if (its && securing !== 1) its.line = to;
}

/** The line of a socket that does not know it: the first event over TLS ends the handshake. Undefined for an earlier socket. */
export function meet(its: Held): Line | undefined {
  if (its !== socket || securing !== 1) return undefined;
  secured();
  its.line = line;
  return line;
}

/**
 * Listener for `drain`. The socket may belong to an earlier connection (engine 39). Over TLS the event may come too early,
 * so the queue decides (engine 41).
 */
export function drained(this: Held): void {
  if (this.dSnd) return;
  this.removeAllListeners("drain");
  this.heard = 0;
  const to = this.line || meet(this);
  if (to) to.onDrained(to);
}

/**
 * See Board.writeBytes.
 * @resident
 */
export function writeBytes(bytes: Bytes): number {
  try {
    if (bytes) socket!.write(bytes);
    else if (!socket!.heard) {
      // Listen only while something waits (engine 29).
      socket!.heard = 1;
      socket!.on("drain", drained);
    }
  } catch (_) {
    // The socket has just been closed. Its `close` event follows.
  }
  return (socket!.dSnd || "").length;
}
