// The record layer (RFC 5246 6) with AES-128-CBC, HMAC-SHA256 and encrypt-then-MAC (RFC 7366), both directions.
//
// The three functions of a message exist while a connection has TLS, and are gone with it: builds that never use TLS pay
// nothing, and a message does not wait until they are made (engine 10).

import type { Bytes } from "../board";
import { chars } from "../mqtt/bytes";
import { BAD_RECORD_MAC, INTERNAL_ERROR, refuse, tooLong, UNEXPECTED_MESSAGE } from "./alerts";
import { HASH } from "./crypto";
import { takeContent } from "./handshake";
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  MAX_EXPANSION,
  MAX_FRAGMENT,
  OVER,
  type Tls,
  UP,
  WAIT_CHANGE,
  WAIT_HELLO,
} from "./state";

/** Bytes of an IV and of a block of AES. */
const BLOCK = 16;
/** Before every 32nd record the free memory is put in order (engine 48): no bit of its number is one of these. */
const OFTEN = 31;
/** Bytes of a record in front of its fragment: type, version, length (RFC 5246 6.2.1). */
const HEAD = 5;
/** Application data of TLS 1.2. */
const USUAL = "\x17\x03\x03";

/** Function expressions, so that they are made when a connection begins. */
export function newRecords(): Pick<Tls, "sealRecord" | "takeBytes"> {
  return {
    /** A record of at most MAX_FRAGMENT bytes of plaintext, encrypted. */
    sealRecord: function (tls, type, text) {
      let low = tls.writeLow++;
      if (!(low & OFTEN)) low = nowAndThen(tls, low, 1);
      const number = tls.writeHigh + chars(low >> 8, low & 255);
      // Nobody can foretell the IV (RFC 5246 6.2.3.2): a hash under a secret of a number that never comes again.
      const seed = tls.sha256(tls.ivKey + number);
      const iv = tls.inOne(seed).substr(0, BLOCK);
      const pad = BLOCK - 1 - (text.length & (BLOCK - 1));
      const padding = chars(pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad);
      const padded = tls.inOne(text, padding.substr(0, pad + 1));
      const hidden = tls.cipher(padded, tls.writeKey!, { iv, mode: "CBC" });
      const size = padded.length + BLOCK;
      // The MAC covers the length without its own (RFC 7366 3).
      const front = number + chars(type, 3, 3, size >> 8, size & 255);
      const inner = tls.sha256(tls.inOne(tls.writeInner!, front, iv, hidden));
      const mac = tls.sha256(tls.inOne(tls.writeOuter!, inner));
      return tls.inOne(chars(type, 3, 3, (size + HASH) >> 8, (size + HASH) & 255), iv, hidden, mac);
    },

    /**
     * Takes the next bytes of the connection, in any pieces. One long function: every call more would cost each message.
     * @returns application data. Afterwards look at `tls.out` and `tls.state`
     */
    takeBytes: function (tls, bytes) {
      if (tls.unread) {
        bytes = tls.unread + bytes;
        tls.unread = "";
      }
      const end = bytes.length;
      let at = 0;
      let plain = "";
      while (end - at >= HEAD && tls.state < OVER) {
        // The usual record, recognized by one comparison (engine 23).
        const usual = tls.state === UP && bytes.substr(at, 3) === USUAL;
        const length = bytes.charCodeAt(at + 3) * 256 + bytes.charCodeAt(at + 4);
        if ((!usual || length > MAX_FRAGMENT) && unusual(tls, bytes.substr(at, 3), length)) break;
        if (end - at < HEAD + length) break;
        const type = usual ? APPLICATION_DATA : bytes.charCodeAt(at);
        const hidden = usual || tls.state > WAIT_CHANGE;
        const size = hidden ? length - HASH : length;
        let text: Bytes = bytes.substr(at + HEAD, size);
        at += HEAD + length;
        if (hidden) {
          let low = tls.readLow++;
          if (!(low & OFTEN)) low = nowAndThen(tls, low, 0);
          if (size < 2 * BLOCK || size & (BLOCK - 1)) return badRecord(tls, "a length that none has", plain);
          const front = chars(low >> 8, low & 255, type, 3, 3, size >> 8, size & 255);
          const inner = tls.sha256(tls.inOne(tls.readInner!, tls.readHigh, front, text));
          const mac = new Int32Array(tls.sha256(tls.inOne(tls.readOuter!, inner)));
          const its = new Int32Array(tls.bytesOf(bytes.substr(at - HASH, HASH)));
          // All of it, wherever it differs. Written out, because that is faster (engine 24).
          if (
            (mac[0]! ^ its[0]!) |
            (mac[1]! ^ its[1]!) |
            (mac[2]! ^ its[2]!) |
            (mac[3]! ^ its[3]!) |
            (mac[4]! ^ its[4]!) |
            (mac[5]! ^ its[5]!) |
            (mac[6]! ^ its[6]!) |
            (mac[7]! ^ its[7]!)
          )
            return badRecord(tls, "a wrong MAC", plain);
          // The IV is deciphered as a block, and left out: so it need not be given, and zeros stand for it.
          const clear = tls.decipher(text, tls.readKey!);
          text = tls.inOne(clear);
          const pad = text.charCodeAt(size - 1);
          const last = size - 1 - pad;
          // Each byte of the padding is the same as the one behind it (RFC 5246 6.2.3.2).
          if (last < BLOCK || text.substr(last, pad) !== text.substr(last + 1, pad))
            return badRecord(tls, "a padding that is not right", plain);
          text = text.substr(BLOCK, last - BLOCK);
        }
        if (!usual || (length > MAX_FRAGMENT && text.length > MAX_FRAGMENT)) takeContent(tls, type, text);
        else plain = plain ? plain + text : text;
      }
      if (at < end && tls.state < OVER) tls.unread = bytes.substr(at);
      return plain;
    },
  };
}

/** Judges a header that is not the usual one. Returns 1 if the record is refused. */
function unusual(tls: Tls, head: Bytes, length: number): number {
  const type = head.charCodeAt(0);
  const first = tls.state === WAIT_HELLO;
  if (first) tls.heard = 1;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || head.charCodeAt(1) !== 3)
    refuse(
      tls,
      UNEXPECTED_MESSAGE,
      first ? "no TLS in the answer: is it the port of ws://?" : "a record of no known type or version",
    );
  // The version of the first record counts for nothing: ServerHello says which one the server means (RFC 5246 E.1).
  else if (!first && head.charCodeAt(2) !== 3 && (type !== ALERT || tls.state > WAIT_CHANGE))
    refuse(tls, UNEXPECTED_MESSAGE, "a record of another version than TLS 1.2");
  // There is one, because there is no renegotiation.
  else if (type === CHANGE_CIPHER_SPEC && tls.state > WAIT_CHANGE)
    refuse(tls, UNEXPECTED_MESSAGE, "ChangeCipherSpec twice");
  else if (length > MAX_FRAGMENT + (tls.state > WAIT_CHANGE ? MAX_EXPANSION : 0)) tooLong(tls, length);
  return tls.state === OVER ? 1 : 0;
}

/** @returns the application data of the records before it */
function badRecord(tls: Tls, what: Bytes, plain: Bytes): Bytes {
  refuse(
    tls,
    BAD_RECORD_MAC,
    "a record with " + what + ": it was changed on the way, or the server is broken",
  );
  return plain;
}

/**
 * Before every 32nd record. Also carries, when the lower 16 bits of the sequence number have just overflowed.
 * @returns the lower 16 bits
 */
function nowAndThen(tls: Tls, low: number, write: number): number {
  tls.collect();
  if (low < 65536) return low;
  if (write) {
    tls.writeHigh = oneMore(tls, tls.writeHigh);
    tls.writeLow = 1;
  } else {
    tls.readHigh = oneMore(tls, tls.readHigh);
    tls.readLow = 1;
  }
  return 0;
}

/** A number of any length, plus one. A sequence number must not come again (RFC 5246 6.1). */
function oneMore(tls: Tls, number: Bytes): Bytes {
  let end = number.length;
  let more = "";
  while (end && number.charCodeAt(end - 1) === 255) {
    end--;
    more += "\0";
  }
  if (end) return number.substr(0, end - 1) + chars(number.charCodeAt(end - 1) + 1) + more;
  refuse(tls, INTERNAL_ERROR, "all sequence numbers are used");
  return more;
}
