// Frames to the server (RFC 6455 5.2, 5.3).

import type { Bytes } from "../board";
import { dump, WIRE } from "../log";
import { chars } from "../mqtt/bytes";
import { frameHeader, unmasked } from "./frame";
import type { WebSocket } from "./state";

/** Zeros in place of the masking key (5.2), which masking makes the key. */
const KEY_PLACE = "\0\0\0\0";

/**
 * Sends a message, a frame of one, or a control frame, which may come between the frames of a message (5.4).
 * @param shown the payload as a log may show it, without secrets
 * @param opcode with MORE (frame.ts) added where the message goes on
 * @returns the number of bytes in the board's queue
 * @resident
 */
export function send(ws: WebSocket, payload: Bytes, shown: Bytes, opcode: number): number {
  const length = payload.length;
  if (ws.log.level >= WIRE) show(ws, shown, opcode);
  // The usual headers take one native call (engine 23).
  let head: Bytes;
  let at = 2;
  if (length < 126) head = chars(0x80 ^ opcode, 0x80 | length) + KEY_PLACE;
  else {
    at = 4;
    head = chars(0x80 ^ opcode, 0xfe, length >> 8, length & 255) + KEY_PLACE;
    if (length > 65535) {
      at = 10;
      head = frameHeader(opcode, length, 0x80) + KEY_PLACE;
    }
  }
  // A random masking key for each frame (5.3), never 0. An engine's random number has 31 bits: the lowest bit stays.
  const key = ws.zero ? 0 : (ws.board.chance() * 4294967296) | 1;
  return ws.board.writeFrame(head, payload, key, length, at);
}

/** Logs a frame that leaves. */
function show(ws: WebSocket, shown: Bytes, opcode: number): void {
  dump(ws.log, ">", unmasked(opcode, shown));
}

/**
 * The number of bytes in the board's queue. Also has `onSent` called when they have left.
 * @resident
 */
export function waiting(ws: WebSocket): number {
  return ws.board.writeBytes("");
}
