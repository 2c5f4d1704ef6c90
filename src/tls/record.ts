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
/** Bytes of a record in front of its fragment: type, version, length (RFC 5246 6.2.1). */
const HEAD = 5;
/** The second half of the blocks of HMAC, whose keys have 32 bytes. */
const INNER = "66666666666666666666666666666666";
const OUTER = "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\";

/** Function expressions, so that they are made when a connection begins. */
export function newRecords(): Pick<Tls, "sealRecord" | "openRecord" | "takeBytes"> {
  return {
    /** A record of at most MAX_FRAGMENT bytes of plaintext, encrypted. */
    sealRecord: function (tls, type, text) {
      let low = tls.writeLow++;
      if (low > 65535) low = carryWrite(tls);
      const number = tls.writeHigh + chars(low >> 8, low & 255);
      // Nobody can foretell the IV (RFC 5246 6.2.3.2): a hash under a secret of a number that never comes again.
      const seed = tls.sha256(tls.ivKey + number);
      const iv = tls.inOne(seed).substr(0, BLOCK);
      const pad = BLOCK - 1 - (text.length & (BLOCK - 1));
      const padding = chars(pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad);
      const hidden = tls.cipher(tls.inOne(text, padding.substr(0, pad + 1)), tls.writeKey!, {
        iv,
        mode: "CBC",
      });
      const fragment = tls.inOne(iv, hidden);
      const length = fragment.length;
      // The MAC covers the length without its own (RFC 7366 3).
      const inner = tls.sha256(
        tls.inOne(tls.writeInner!, INNER, number, chars(type, 3, 3, length >> 8, length & 255), fragment),
      );
      const mac = tls.sha256(tls.inOne(tls.writeOuter!, OUTER, inner));
      return tls.inOne(chars(type, 3, 3, (length + HASH) >> 8, (length + HASH) & 255), fragment, mac);
    },

    /** The plaintext of a record. Undefined, and the connection refused, when its MAC or its padding is wrong. */
    openRecord: function (tls, head, fragment) {
      let low = tls.readLow++;
      if (low > 65535) low = carryRead(tls);
      const length = fragment.length - HASH;
      if (length < 2 * BLOCK || length & (BLOCK - 1)) return badRecord(tls, "a length that none has");
      const hidden = fragment.substr(0, length);
      const inner = tls.sha256(
        tls.inOne(
          tls.readInner!,
          INNER,
          tls.readHigh + chars(low >> 8, low & 255) + head + chars(length >> 8, length & 255),
          hidden,
        ),
      );
      const mac = tls.sha256(tls.inOne(tls.readOuter!, OUTER, inner));
      // Hashes of both under our key: where they differ says nothing about the MAC.
      const right = tls.sha256(tls.inOne(tls.readOuter!, mac));
      const given = tls.sha256(tls.inOne(tls.readOuter!, fragment.substr(length)));
      if (tls.inOne(right) !== tls.inOne(given)) return badRecord(tls, "a wrong MAC");
      const clear = tls.decipher(hidden.substr(BLOCK), tls.readKey!, {
        iv: hidden.substr(0, BLOCK),
        mode: "CBC",
      });
      const text = tls.inOne(clear);
      const pad = text.charCodeAt(length - BLOCK - 1);
      const end = length - BLOCK - 1 - pad;
      const padding = chars(pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad, pad);
      if (pad < BLOCK ? text.substr(end) !== padding.substr(0, pad + 1) : !isPadding(text, end, pad))
        return badRecord(tls, "a padding that is not right");
      return text.substr(0, end);
    },

    /**
     * Takes the next bytes of the connection, in any pieces.
     * @returns application data. Afterwards look at `tls.out` and `tls.state`
     */
    takeBytes: function (tls, bytes) {
      if (tls.unread) bytes = tls.unread + bytes;
      const size = bytes.length;
      let at = 0;
      let plain = "";
      while (tls.state < OVER && size - at >= HEAD) {
        const head = bytes.substr(at, 3);
        const length = bytes.charCodeAt(at + 3) * 256 + bytes.charCodeAt(at + 4);
        // The usual record, recognized by one comparison (engine 23).
        if (
          (head !== "\x17\x03\x03" || length > MAX_FRAGMENT || tls.state < UP) &&
          unusual(tls, head, length)
        )
          break;
        if (size - at < HEAD + length) break;
        const fragment: Bytes = bytes.substr(at + HEAD, length);
        at += HEAD + length;
        const text: Bytes | undefined =
          tls.state > WAIT_CHANGE ? tls.openRecord(tls, head, fragment) : fragment;
        if (text === undefined) break;
        if (head === "\x17\x03\x03" && tls.state === UP && text.length <= MAX_FRAGMENT) plain += text;
        else takeContent(tls, head.charCodeAt(0), text);
      }
      tls.unread = tls.state < OVER && at < size ? bytes.substr(at) : "";
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
  else if (!first && head.charCodeAt(2) !== 3 && type !== ALERT)
    refuse(tls, UNEXPECTED_MESSAGE, "a record of another version than TLS 1.2");
  else if (length > MAX_FRAGMENT + (tls.state > WAIT_CHANGE ? MAX_EXPANSION : 0)) tooLong(tls, length);
  return tls.state === OVER ? 1 : 0;
}

function badRecord(tls: Tls, what: Bytes): undefined {
  refuse(
    tls,
    BAD_RECORD_MAC,
    "a record with " + what + ": it was changed on the way, or the server is broken",
  );
}

/** Padding of 16 bytes and more hides the length of a message (RFC 5246 6.2.3.2). */
function isPadding(text: Bytes, end: number, pad: number): boolean {
  let wrong = end < 0 ? 1 : 0;
  for (let i = wrong ? text.length : end; i < text.length; i++) wrong |= text.charCodeAt(i) ^ pad;
  return !wrong;
}

/** The sequence number of a record whose lower 16 bits have just overflowed. Returns them. */
function carryWrite(tls: Tls): number {
  tls.writeHigh = oneMore(tls, tls.writeHigh);
  tls.writeLow = 1;
  return 0;
}

function carryRead(tls: Tls): number {
  tls.readHigh = oneMore(tls, tls.readHigh);
  tls.readLow = 1;
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
