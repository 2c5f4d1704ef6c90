// The ways in which a network may cut the same bytes into chunks.
import type { Bytes } from "../../src/board.ts";

export function whole(bytes: Bytes): Bytes[] {
  return [bytes];
}

export function byteByByte(bytes: Bytes): Bytes[] {
  return bytes.split("");
}

/** Chunks of `size` bytes; the last one may be shorter. The ESP32's network gives 536 at most. */
export function inChunks(bytes: Bytes, size: number): Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}

/** All ways to cut into two chunks. */
export function cutOnce(bytes: Bytes): Bytes[][] {
  return Array.from({ length: bytes.length - 1 }, (_, i) => [bytes.slice(0, i + 1), bytes.slice(i + 1)]);
}

/** Chunks of 1..`longest` bytes. */
export function atRandom(bytes: Bytes, random: () => number, longest = 40): Bytes[] {
  const chunks: Bytes[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * longest);
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}
