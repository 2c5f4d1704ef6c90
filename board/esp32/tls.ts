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

/** Where a connection over TLS is: 1 in the handshake, 2 behind it, 3 ended; 0 there is none. */
export let securing = 0;
/** What the engine threw in this handshake; that comes after the socket's "close". */
let thrown: Bytes;

/** Who listens to what nothing has caught, in a handshake. */
let listener: ((error: unknown) => void) | undefined;

/** Stops listening, if anybody did. */
function quiet(): void {
  if (!listener) return;
  process.removeListener("uncaughtException", listener);
  listener = undefined;
  // The engine leaves an empty list, takes it for a listener, and would swallow every exception.
  if (!(process["#onuncaughtException"] || []).length) process.removeAllListeners("uncaughtException");
}

/** The connection is over, or another one begins. */
export function forgetTls(): void {
  securing = 0;
  quiet();
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
 * "client.crt", "client.key" in DER). From then on the connection's listeners have to ask {@link securing} first.
 * @throws text, in words, when there is too little memory, or a file that would do no good
 */
export function overTls(options: TlsOptions): void {
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
  // What is not TLS's is thrown again, as if nobody had listened.
  listener = function (error) {
    if (!/mbedtls_/.test("" + error)) throw error;
    thrown = "" + error;
  };
  process.on("uncaughtException", listener);
  securing = 1;
}

/** Something came, or has left, in the handshake: it is done. */
export function secured(): void {
  securing = 2;
  quiet();
}

/** The socket has ended. Tells why at once behind the handshake; in it, when the engine has thrown the reason. */
export function lostTls(line: Line, why: Bytes): void {
  const state = securing;
  securing = 3;
  // The engine has a number of TLS's own for its end, and no words for it.
  if (state === 2) line.onLost(line, why === "unknown error" ? "" : why);
  if (state !== 1) return;
  setTimeout(function () {
    if (securing !== 3) return;
    quiet();
    // Bytes unsent: our request, which waited for the handshake.
    line.onLost(
      line,
      inWords(thrown || (why === "unsent data" ? "" : why) || "mbedtls_ssl_handshake: closed"),
    );
  }, 0);
}
