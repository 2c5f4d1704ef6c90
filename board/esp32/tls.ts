// TLS (RFC 5246) of the board's one connection. It checks memory and files before the engine gets them. It reports a failed
// handshake in words: the engine only throws an uncaught exception (engine 41).

import type { Bytes, Line } from "../../src/board";
import { inWords } from "./words";

/**
 * Least free heap of the system, in bytes: records of 16,384 in and 4,096 out, certificates and the key exchange. On a
 * genuine ESP32 image 29,600 were too few. With less, the handshake may crash the chip instead of failing.
 */
const LEAST_HEAP = 32000;
/** Least free JsVars: a record of the engine in one piece of about 120, a socket, and room for the program. */
const LEAST_JSVARS = 300;

/** State of TLS: 0 none, 1 in the handshake, 2 after it, 3 ended. */
export let securing = 0;
/** The exception of this handshake; it comes after the socket's "close". */
let thrown: Bytes;

/** Listener for uncaught exceptions during a handshake. */
let listener: ((error: unknown) => void) | undefined;

/** Removes the listener. */
function quiet(): void {
  if (!listener) return;
  process.removeListener("uncaughtException", listener);
  listener = undefined;
  // The engine leaves an empty list and would then swallow every exception (engine 28).
  if (!(process["#onuncaughtException"] || []).length) process.removeAllListeners("uncaughtException");
}

/** Resets the state of TLS, when the connection has ended. */
export function forgetTls(): void {
  securing = 0;
  // Asked here, too: it is deep enough without this call (engine 19).
  if (listener) quiet();
}

/** Throws a text if less than `least` is free. `what` names the kind of memory. */
export function need(free: number, least: number, what: Bytes): void {
  if (free < least) throw "too little memory for TLS: " + free + what + " free, " + least + " needed";
}

/** A file in DER, undefined if it does not exist. Throws a text if it is not DER: that would keep a socket open (engine 41). */
function readDer(name: Bytes): Bytes | undefined {
  const file = require("Storage").read(name);
  // DER begins with a SEQUENCE whose length takes two bytes.
  if (file && (file.charCodeAt(0) !== 48 || file.charCodeAt(1) !== 130)) throw name + ": expected DER";
  return file;
}

/**
 * Prepares the options of `tls.connect`: the client's certificate and key, where Storage has them (files "client.crt"
 * and "client.key" in DER). From now on the connection's listeners check {@link securing} first.
 * @throws a text when there is too little memory, or a file is wrong
 */
export function overTls(options: TlsOptions): void {
  // Linux builds have no ESP32 object and no separate heap for TLS.
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
  // An exception that is not about TLS is thrown again.
  listener = function (error) {
    if (!/mbedtls_/.test("" + error)) throw error;
    thrown = "" + error;
  };
  process.on("uncaughtException", listener);
  securing = 1;
}

/** Ends the handshake: call it when bytes have arrived or left. */
export function secured(): void {
  securing = 2;
  quiet();
}

/** Reports the end of the socket: after the handshake at once, during it when the engine has thrown the reason. */
export function lostTls(line: Line, why: Bytes): void {
  const state = securing;
  securing = 3;
  // The engine says "unknown error" for a normal end of TLS.
  if (state === 2) line.onLost(line, why === "unknown error" ? "" : why);
  if (state !== 1) return;
  setTimeout(function () {
    if (securing !== 3) return;
    quiet();
    // "unsent data" is the request, which waited for the handshake.
    line.onLost(
      line,
      inWords(thrown || (why === "unsent data" ? "" : why) || "mbedtls_ssl_handshake: closed"),
    );
  }, 0);
}
