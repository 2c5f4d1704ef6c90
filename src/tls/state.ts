// The state of one TLS connection of a client (RFC 5246), and its numbers. A record: the functions that take it are in the
// other files of this folder. None of them knows a socket.

import type { Bytes, Pads } from "../board";
import type { Crypto } from "./crypto";

/** Types of records (RFC 5246 6.2.1). */
export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

/** Most bytes of plaintext in a record, in both directions: what max_fragment_length says (RFC 6066 4). */
export const MAX_FRAGMENT = 1024;
/** Most bytes that encryption adds: IV, padding with its length, MAC (RFC 5246 6.2.3.2, RFC 7366 3). */
export const MAX_EXPANSION = 16 + 256 + 32;
/** Most bytes of a handshake message: the transcript waits in memory. */
export const MAX_MESSAGE = 512;

/** States, in their order. handshake.ts has the table of what each accepts. */
export const WAIT_HELLO = 0;
/** ServerKeyExchange, or ServerHelloDone. */
export const WAIT_HINT = 1;
export const WAIT_DONE = 2;
/** The three steps of calculation (goOn in tls.ts): nothing is accepted. */
export const MASTER = 3;
export const KEYS = 4;
export const FINISH = 5;
/** ChangeCipherSpec. Behind it everything is encrypted. */
export const WAIT_CHANGE = 6;
export const WAIT_FINISHED = 7;
export const UP = 8;
export const OVER = 9;

/** Fields of the handshake only. They are deleted as soon as they are not needed. */
export interface Handshake {
  identity?: Bytes;
  secret?: Bytes;
  /** 1 if SNI was sent. */
  named?: number;
  /** 1 when a record has begun to come. */
  heard?: number;
  clientRandom?: Bytes;
  serverRandom?: Bytes;
  /** All handshake messages so far. */
  transcript?: Bytes;
  /** Their hash, which the client's Finished covers. */
  hash?: Bytes;
  /** The master secret as a key of HMAC. */
  master?: Pads;
  /** What the server's Finished must say. */
  expected?: Bytes;
  /** A handshake message that is not complete. */
  message?: Bytes;
}

export interface Tls extends Crypto, Handshake {
  state: number;
  /** Bytes of a record that is not complete. */
  unread: Bytes;
  /** Bytes to be sent, besides what {@link sealRecord} returns. Delete them when they are. */
  out?: Bytes;
  /** In state OVER: the reason in words, "" for an end that both sides agreed to. */
  why?: Bytes;

  /** Keys of what we write and of what we read; of the MACs' keys the two blocks that HMAC makes of each. */
  writeKey?: Bytes;
  writeInner?: Bytes;
  writeOuter?: Bytes;
  readKey?: Bytes;
  readInner?: Bytes;
  readOuter?: Bytes;
  /** Secret of the IVs. */
  ivKey: Bytes;
  /** Sequence numbers (RFC 5246 6.1), 64 bits: the upper 48 as bytes, the lower 16 as a number. */
  writeHigh: Bytes;
  writeLow: number;
  readHigh: Bytes;
  readLow: number;

  /** See newRecords in record.ts. */
  sealRecord(tls: Tls, type: number, text: Bytes): Bytes;
  takeBytes(tls: Tls, bytes: Bytes): Bytes;
}
