// TLS (RFC 5246) of the board's one connection, as far as the engine has it: what it takes is checked before it is
// tried, and a handshake that fails, which the engine tells nobody but the whole program, ends the connection in words.

import type { Bytes, Line } from "../../src/board";
import { inWords } from "./words";

/**
 * Least free heap of the system, in bytes: records of 16,384 in and 4,096 out, and about 5,500 for certificates and
 * the exchange of keys. With less the handshake may take the whole chip down instead of failing.
 */
const LEAST_HEAP = 26000;
/** Least free JsVars: one record of the engine's own in a single piece of about 120, a socket, room to go on. */
const LEAST_JSVARS = 300;

/** What the engine threw in this handshake; that comes after the socket's "close". */
let thrown: Bytes;

/** Listens to what nothing has caught. What is not TLS's is thrown again, as if nobody had listened. */
function uncaught(error: unknown): void {
  if (!/mbedtls_/.test("" + error)) throw error;
  thrown = "" + error;
}

/** Stops listening, if anybody did. */
export function quiet(): void {
  process.removeListener("uncaughtException", uncaught);
  // The engine leaves an empty list, takes it for a listener, and would swallow every exception.
  if (!(process["#onuncaughtException"] || []).length) process.removeAllListeners("uncaughtException");
}

/** Throws unless there is enough of what TLS needs. */
function need(free: number, least: number, what: Bytes): void {
  if (free < least) throw "too little memory for TLS: " + free + what + " free, " + least + " needed";
}

/** A file in DER, undefined if there is none. With another one the engine would throw, and keep a socket for ever. */
function readDer(name: Bytes): Bytes | undefined {
  const file = require("Storage").read(name);
  // A SEQUENCE with its length in two bytes.
  if (file && (file.charCodeAt(0) !== 48 || file.charCodeAt(1) !== 130)) throw name + ": expected DER";
  return file;
}

/**
 * Prepares the options of `tls.connect`: a client's certificate and key, where the board has them (files
 * "client.crt", "client.key" in DER). Listens until the handshake is over, which the caller tells by `drained`.
 * @returns what to tell of the connection instead of `to`, which is told of a failure in words
 * @throws text, in words, when there is too little memory, or a file that would do no good
 */
export function overTls(options: TlsOptions, to: Line): Line {
  // Linux builds have no such object, and no heap of their own for TLS.
  if (typeof ESP32 === "object") need(ESP32.getState().freeHeap, LEAST_HEAP, " bytes of heap");
  need(process.memory().free, LEAST_JSVARS, " JsVars");
  const cert = readDer("client.crt");
  const key = readDer("client.key");
  if (cert && key) {
    options.cert = cert;
    options.key = key;
  } else if (cert || key) throw "client.crt and client.key: one of them is missing in Storage";
  thrown = "";
  quiet();
  process.on("uncaughtException", uncaught);

  /** 0 in the handshake, 1 behind it, 2 when it has failed. */
  let state = 0;
  return {
    data(bytes) {
      if (bytes && !state) {
        state = 1;
        quiet();
      }
      to.data(bytes);
    },
    drained() {
      if (!state) {
        state = 1;
        quiet();
      }
      to.drained();
    },
    closed(why) {
      // The engine has a number of TLS's own for its end, and no words for it.
      if (state === 1) to.closed(why === "unknown error" ? "" : why);
      if (state) return;
      state = 2;
      setTimeout(function () {
        quiet();
        // Bytes unsent: our request, which waited for the handshake.
        to.closed(inWords(thrown || (why === "unsent data" ? "" : why) || "mbedtls_ssl_handshake: closed"));
      }, 0);
    },
  };
}
