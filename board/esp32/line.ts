// The socket of the board's one connection, and who hears of it. Both transports, lean.ts and socket.ts, write through it.

import type { Bytes, Line } from "../../src/board";
import { secured, securing } from "./tls";

export let socket: EspruinoSocket | undefined;
export let line: Line | undefined;

/** Sets both: the line that a connection reports to, and its socket once there is one. Without them it is forgotten. */
export function hold(to?: Line, its?: EspruinoSocket): void {
  line = to;
  socket = its;
}

/**
 * Listener for `drain`, of a socket that may be one of an earlier connection. Over TLS the engine reports it too early
 * (engine 41).
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
    // The socket was closed a moment ago. The event that says so is on its way.
  }
  return (socket!.dSnd || "").length;
}
