// Masks a frame (RFC 6455 5.3) in words of four bytes, through a view of its string (engine 24), and writes it.

import type { Bytes } from "../../src/board";
import { socket } from "./line";

/** Payloads of fewer bytes are not copied into one piece of memory: the search for a piece would cost more. */
const SHORT = 64;

/** Words of a short frame: the key, and 32 bytes of payload. */
const WORDS = 9;

/** Number of words in a block of {@link maskBlocks}. */
const BLOCK = 32;

/**
 * See Connection.writeFrame. One function: a frame of a short message costs one call (engine 23). The indices are written out
 * because that is faster (engine 24).
 * @inline
 */
export function writeFrame(head: Bytes, payload: Bytes, key: number, length: number, at: number): number {
  let bytes: Bytes;
  if (length < SHORT) bytes = head + payload;
  else bytes = E.toString(head, payload);
  if (key) {
    // The view begins at the key's place: zeros, which become the key. The last word may reach beyond the string (engine 24).
    const view = E.toArrayBuffer(bytes);
    let i = (length + 7) >> 2;
    if (i > WORDS) i = maskBlocks(view, at, i, key);
    const words = new Int32Array(view, at, i);
    words[0]! ^= key;
    words[1]! ^= key;
    if (i > 2) {
      // If there are fewer words, writing to the others does nothing.
      words[2]! ^= key;
      words[3]! ^= key;
      words[4]! ^= key;
      words[5]! ^= key;
      words[6]! ^= key;
      words[7]! ^= key;
      words[8]! ^= key;
    }
  }
  try {
    socket!.write(bytes);
  } catch (_) {
    // The socket has just been closed. Its `close` event follows.
  }
  return (socket!.dSnd || "").length;
}

/** See Board.maskFrame. */
export function mask(head: Bytes, payload: Bytes, key: number): Bytes {
  const bytes = E.toString(head, payload);
  const view = E.toArrayBuffer(bytes);
  const start = head.length - 4;
  let i = maskBlocks(view, start, (payload.length + 7) >> 2, key);
  const words = new Int32Array(view, start, i);
  while (i) words[--i]! ^= key;
  return bytes;
}

/**
 * Masks all but the first words, whole blocks first, the last one first. Returns the number of words that are left, 1 to
 * {@link WORDS}. It is separate from {@link writeFrame} because text that does not run costs time too (engine 23).
 * @resident
 */
function maskBlocks(view: ArrayBuffer, start: number, i: number, key: number): number {
  // In front of the loops: the minifier would declare it behind, and the engine would make a global one.
  let words: Int32Array;
  while (i > BLOCK) {
    i -= BLOCK;
    words = new Int32Array(view, start + i * 4, BLOCK);
    words[0]! ^= key;
    words[1]! ^= key;
    words[2]! ^= key;
    words[3]! ^= key;
    words[4]! ^= key;
    words[5]! ^= key;
    words[6]! ^= key;
    words[7]! ^= key;
    words[8]! ^= key;
    words[9]! ^= key;
    words[10]! ^= key;
    words[11]! ^= key;
    words[12]! ^= key;
    words[13]! ^= key;
    words[14]! ^= key;
    words[15]! ^= key;
    words[16]! ^= key;
    words[17]! ^= key;
    words[18]! ^= key;
    words[19]! ^= key;
    words[20]! ^= key;
    words[21]! ^= key;
    words[22]! ^= key;
    words[23]! ^= key;
    words[24]! ^= key;
    words[25]! ^= key;
    words[26]! ^= key;
    words[27]! ^= key;
    words[28]! ^= key;
    words[29]! ^= key;
    words[30]! ^= key;
    words[31]! ^= key;
  }
  while (i > WORDS) {
    i -= 8;
    words = new Int32Array(view, start + i * 4, 8);
    words[0]! ^= key;
    words[1]! ^= key;
    words[2]! ^= key;
    words[3]! ^= key;
    words[4]! ^= key;
    words[5]! ^= key;
    words[6]! ^= key;
    words[7]! ^= key;
  }
  return i;
}
