// The socket of the board's one connection, and the line that it reports to. Both transports, lean.ts and socket.ts, use it.

import type { Bytes, Line } from "../../src/board";
import { secured, securing } from "./tls";

export let socket: EspruinoSocket | undefined;
export let line: Line | undefined;

/** Sets the line, and the socket when there is one. Without arguments it forgets both. */
export function hold(to?: Line, its?: EspruinoSocket): void {
  line = to;
  socket = its;
}

/**
 * Listener for `drain`. The socket may belong to an earlier connection (engine 39). Over TLS the event may come too early,
 * so the queue decides (engine 41).
 */
export function drained(this: EspruinoSocket): void {
  if (this.dSnd) return;
  this.removeAllListeners("drain");
  if (this !== socket) return;
  if (securing === 1) secured();
  line!.onDrained(line!);
}

/**
 * See Board.writeBytes.
 * @resident
 */
export function writeBytes(bytes: Bytes): number {
  try {
    if (bytes) socket!.write(bytes);
    else {
      socket!.removeAllListeners("drain");
      // Listen only while something waits (engine 29).
      socket!.on("drain", drained);
    }
  } catch (_) {
    // The socket has just been closed. Its `close` event follows.
  }
  return (socket!.dSnd || "").length;
}
