// TLS with a pre-shared key on the connection's socket: src/tls does it, this file moves the bytes. What TLS needs hangs on
// the socket, and goes with it. Nothing here exists before a URL wants it (engine 10).

import type { Bytes, Target } from "../../src/board";
import { endOfTcp, GOODBYE, INTERNAL_ERROR, refuse } from "../../src/tls/alerts";
import { takeChance } from "../../src/tls/chance";
import type { Crypto } from "../../src/tls/crypto";
import { ALERT, APPLICATION_DATA, MAX_FRAGMENT, OVER, type Tls, UP } from "../../src/tls/state";
import { busy, goOn, newTls } from "../../src/tls/tls";
import { type Held, line } from "./line";
import { mask } from "./mask";
import { noise } from "./random";
import { readFile, writeFile, writePiece } from "./storage";
import { need } from "./tls";

/** Least free JsVars: records and the handshake, a socket, and room for the program. */
const LEAST_JSVARS = 300;

/** A socket with TLS. Its `write` encrypts. */
export interface PskSocket extends Held {
  psk?: Tls;
  /** The engine's own `write`. */
  writeRaw?(bytes: Bytes): boolean;
  /** Called once, when server and board have proven to each other who they are. */
  opened?(its: PskSocket): void;
  /** Takes plaintext: the transport's listener. */
  parseData?(bytes: Bytes): void;
  /** Takes it instead, where the stock `ws` module shakes hands. */
  reader?: { parseData(bytes: Bytes): void };
}

/** Throws a text if this engine or its memory cannot do it. Call it before the socket is opened. */
export function needPsk(target: Target): void {
  let crypto: { AES?: unknown } = {};
  try {
    crypto = require("crypto");
  } catch (_) {
    // The next line says it.
  }
  if (!crypto.AES)
    throw "this Espruino has no AES in its crypto, which mqtt.tls.psk needs: take a build that has";
  need(process.memory().free, LEAST_JSVARS, " JsVars");
  const why = takeChance({ readFile, writeFile, writePiece }, target.psk!);
  if (why) throw "TLS: this start cannot be noted, so a random number might come again: " + why;
}

/** What the engine has of what TLS is made of. */
export function nativeCrypto(): Crypto {
  const crypto = require("crypto");
  return {
    maskFrame: mask,
    sha256: crypto.SHA256,
    cipher: crypto.AES!.encrypt,
    decipher: crypto.AES!.decrypt,
    bytesOf: E.toArrayBuffer,
    collect: process.memory,
    inOne: E.toString,
  };
}

/** Begins TLS on a socket that has just connected. */
export function beginPsk(its: PskSocket, target: Target, opened: (its: PskSocket) => void): void {
  its.psk = newTls(nativeCrypto(), target.psk!, target.host, noise());
  its.opened = opened;
  its.writeRaw = its.write;
  listen(its);
  attend(its);
}

/** Listens for what arrives. */
export function listen(its: PskSocket): void {
  its.on("data", readerOf());
}

/** The listener for `data`, made where nothing else is in scope (engine 9). */
function readerOf(): (this: PskSocket, bytes: Bytes) => void {
  return function (bytes) {
    const tls = this.psk;
    // A socket must be drained to close (engine 39).
    if (!tls) return;
    let plain = "";
    try {
      plain = tls.takeBytes(tls, bytes);
    } catch (error) {
      broken(tls, error);
    }
    if (plain) {
      if (this.reader) this.reader.parseData(plain);
      else this.parseData!(plain);
    }
    if (tls.state !== UP || tls.out || this.opened) attend(this);
  };
}

/** The socket's `write` in state UP. */
function writerOf(): (this: PskSocket, bytes: Bytes) => boolean {
  return function (bytes) {
    const tls = this.psk!;
    let rest = bytes;
    let last = "";
    try {
      while (rest.length > MAX_FRAGMENT) {
        const record = tls.sealRecord(tls, APPLICATION_DATA, rest.substr(0, MAX_FRAGMENT));
        this.writeRaw!(record);
        rest = rest.substr(MAX_FRAGMENT);
      }
      last = tls.sealRecord(tls, APPLICATION_DATA, rest);
    } catch (error) {
      // The server never gets these bytes. The line hears of it in a turn of its own: who writes may be deep in a call (engine 19).
      broken(tls, error);
      const its = this;
      setTimeout(function () {
        attend(its);
      }, 0);
      return false;
    }
    return this.writeRaw!(last);
  };
}

/** Does what TLS waits for: bytes to be sent, calculations, the end, the beginning. */
function attend(its: PskSocket): void {
  const tls = its.psk;
  if (!tls) return;
  sendOut(its, tls);
  if (tls.state === OVER) return line!.onLost(line!, tls.why!);
  const opened = its.opened;
  if (busy(tls)) {
    // Each step in a turn of its own: timers, pins and the watchdog go on in between.
    setTimeout(function () {
      if (its.psk !== tls) return;
      try {
        goOn(tls);
      } catch (error) {
        broken(tls, error);
      }
      attend(its);
    }, 0);
  } else if (tls.state === UP && opened) {
    delete its.opened;
    its.write = writerOf();
    opened(its);
  }
}

/** Sends what TLS has to say besides the records of the transport. */
function sendOut(its: PskSocket, tls: Tls): void {
  const out = tls.out;
  delete tls.out;
  try {
    if (out) its.writeRaw!(out);
  } catch (_) {
    // The socket has just been closed. Its `close` event follows.
  }
}

/** An exception of the engine, while memory is short. */
function broken(tls: Tls, error: unknown): void {
  try {
    refuse(tls, INTERNAL_ERROR, "" + error);
  } catch (_) {
    // It is too short for the alert, too.
    tls.state = OVER;
    tls.why = "TLS: " + error;
    tls.unread = "";
  }
}

/** The reason for the end of a socket with TLS; the engine's own reason of one without it. */
export function whyEnded(its: PskSocket, why: Bytes): Bytes {
  return its.psk ? endOfTcp(its.psk, why) : why;
}

/** Sends close_notify if the server can still read it, and takes TLS from the socket. */
export function endPsk(its: PskSocket, now: number): void {
  const tls = its.psk;
  if (!tls) return;
  try {
    // Sealed here, because this is deep enough (engine 19).
    if (!now && tls.state === UP) tls.out = (tls.out || "") + tls.sealRecord(tls, ALERT, GOODBYE);
  } catch (_) {
    // Memory is short: the connection ends without it.
  }
  sendOut(its, tls);
  delete its.psk;
  delete its.opened;
  delete its.reader;
}
