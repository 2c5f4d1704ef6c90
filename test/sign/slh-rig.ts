// Checks of signatures in Node: its SHA-256 in place of the chip's, and NIST's vectors.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Bytes } from "../../src/board.ts";
import type { Check, Hash } from "../../src/sign/slh-hash.ts";

/** A vector of the internal interface. */
export interface Vector {
  good: boolean;
  key: Bytes;
  message: Bytes;
  signature: Bytes;
}

export const VECTORS: Vector[] = readFileSync(new URL("slh-vectors.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => {
    const [verdict, ...fields] = line.split(" ");
    const [key, message, signature] = fields.map((field) => Buffer.from(field, "base64").toString("latin1"));
    return { good: verdict === "good", key: key!, message: message!, signature: signature! };
  });

/** Node's SHA-256, counting its calls. */
export class NodeHash implements Hash {
  calls = 0;
  /** Times that the memory was put in order. */
  collects = 0;
  sha256(bytes: Uint8Array): Uint8Array {
    this.calls++;
    return new Uint8Array(createHash("sha256").update(bytes).digest());
  }
  bytesOf(text: Bytes): ArrayBuffer {
    return new Uint8Array(Buffer.from(text, "latin1")).buffer;
  }
  collect(): void {
    this.collects++;
  }
}

/** A signature as a file that can be read in pieces. */
export function piecesOf(signature: Bytes): (at: number, length: number) => Bytes {
  return (at, length) => signature.substr(at, length);
}

/** The verdict of a whole check: GOOD or BAD; BAD where it does not begin. */
export function verdictOf(check: Check | undefined, goOn: (check: Check) => number): number {
  let verdict = check ? 0 : -1;
  while (!verdict) verdict = goOn(check!);
  return verdict;
}
