// The handshake of a client with a pre-shared key (RFC 5246 7.3, RFC 4279 2):
//
//     ClientHello            ->
//                            <-  ServerHello, ServerKeyExchange (a hint, or absent), ServerHelloDone
//     ClientKeyExchange      ->
//     ChangeCipherSpec       ->
//     Finished               ->
//                            <-  ChangeCipherSpec, Finished
//
// What each state accepts is the table in `rowOf`. Everything else ends the connection with an alert.

import type { Bytes } from "../board";
import { chars, readU16, u16 } from "../mqtt/bytes";
import {
  DECODE_ERROR,
  DECRYPT_ERROR,
  NO_RENEGOTIATION,
  onAlert,
  refuse,
  tooLong,
  UNEXPECTED_MESSAGE,
} from "./alerts";
import { onServerHello } from "./hello";
import {
  ALERT,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  MASTER,
  MAX_FRAGMENT,
  MAX_MESSAGE,
  OVER,
  type Tls,
  UP,
  WAIT_CHANGE,
  WAIT_DONE,
  WAIT_FINISHED,
  WAIT_HELLO,
  WAIT_HINT,
} from "./state";

/** Types of handshake messages (RFC 5246 7.4). */
const CLIENT_KEY_EXCHANGE = 16;
/** Bytes in front of a message: type, length. */
const HEAD = 4;

/** A row of the table. */
interface Row {
  /** Handlers by type of message. */
  handlers: { [type: number]: (tls: Tls, body: Bytes) => void };
  /** For the reason in words. */
  expected: Bytes;
}

/** The table of states. Made when it is asked for: so it takes no memory (engine 10). */
function rowOf(state: number): Row {
  const rows: { [state: number]: Row } = {};
  rows[WAIT_HELLO] = { handlers: { 2: onServerHello }, expected: "ServerHello" };
  rows[WAIT_HINT] = {
    handlers: { 12: onServerKeyExchange, 14: onServerHelloDone },
    expected: "ServerKeyExchange or ServerHelloDone",
  };
  rows[WAIT_DONE] = { handlers: { 14: onServerHelloDone }, expected: "ServerHelloDone" };
  rows[WAIT_CHANGE] = { handlers: {}, expected: "ChangeCipherSpec" };
  rows[WAIT_FINISHED] = { handlers: { 20: onFinished }, expected: "Finished" };
  rows[UP] = { handlers: { 0: onHelloRequest }, expected: "application data" };
  return rows[state] || { handlers: {}, expected: "nothing before our Finished" };
}

/** A message of the handshake with its head. It belongs to the transcript. */
export function handshakeMessage(type: number, body: Bytes): Bytes {
  return chars(type, 0) + u16(body.length) + body;
}

/** A record that is not encrypted. */
export function plainRecord(type: number, fragment: Bytes): Bytes {
  return chars(type, 3, 3) + u16(fragment.length) + fragment;
}

/** Plaintext of a record other than application data where that is expected. */
export function takeContent(tls: Tls, type: number, text: Bytes): void {
  const expected = rowOf(tls.state).expected;
  if (text.length > MAX_FRAGMENT) tooLong(tls, text.length);
  else if (type === HANDSHAKE && text) takeMessages(tls, text);
  else if (type === ALERT) onAlert(tls, text);
  else if (type === CHANGE_CIPHER_SPEC && tls.state === WAIT_CHANGE && text === "\x01" && !tls.message)
    tls.state = WAIT_FINISHED;
  else
    refuse(
      tls,
      UNEXPECTED_MESSAGE,
      (type === CHANGE_CIPHER_SPEC
        ? "ChangeCipherSpec"
        : type === HANDSHAKE
          ? "an empty handshake record"
          : "application data") +
        " out of turn, expected " +
        expected,
    );
}

/** Handshake messages, in any pieces. */
function takeMessages(tls: Tls, text: Bytes): void {
  let bytes = (tls.message || "") + text;
  while (bytes.length >= HEAD && tls.state < OVER) {
    const row = rowOf(tls.state);
    const type = bytes.charCodeAt(0);
    const length = bytes.charCodeAt(1) * 65536 + readU16(bytes, 2);
    if (!row.handlers[type])
      return refuse(
        tls,
        UNEXPECTED_MESSAGE,
        "handshake message " + type + " out of turn, expected " + row.expected,
      );
    if (length > MAX_MESSAGE)
      return refuse(
        tls,
        DECODE_ERROR,
        "a handshake message of " + length + " bytes, " + MAX_MESSAGE + " allowed: shorten the server's hint",
      );
    if (bytes.length < HEAD + length) break;
    // The server's Finished and what comes later are in no hash.
    if (tls.state < MASTER) tls.transcript += bytes.substr(0, HEAD + length);
    row.handlers[type]!(tls, bytes.substr(HEAD, length));
    bytes = bytes.substr(HEAD + length);
  }
  if (bytes) tls.message = bytes;
  else delete tls.message;
}

/** A hint which identity to use (RFC 4279 5.2). The configuration knows that better. */
function onServerKeyExchange(tls: Tls, body: Bytes): void {
  if (readU16(body, 0) !== body.length - 2) return refuse(tls, DECODE_ERROR, "a malformed ServerKeyExchange");
  tls.state = WAIT_DONE;
}

function onServerHelloDone(tls: Tls, body: Bytes): void {
  if (body) return refuse(tls, DECODE_ERROR, "a malformed ServerHelloDone");
  const exchange = handshakeMessage(CLIENT_KEY_EXCHANGE, u16(tls.identity!.length) + tls.identity);
  tls.transcript += exchange;
  tls.out = plainRecord(HANDSHAKE, exchange);
  delete tls.identity;
  tls.state = MASTER;
}

/** The proof that the server has the key and saw the same messages (RFC 5246 7.4.9), compared without an early end. */
function onFinished(tls: Tls, body: Bytes): void {
  const expected = tls.expected!;
  let wrong = body.length ^ expected.length;
  for (let i = 0; i < expected.length; i++) wrong |= body.charCodeAt(i) ^ expected.charCodeAt(i);
  if (wrong)
    return refuse(tls, DECRYPT_ERROR, "a Finished that is wrong: the handshake was changed on the way");
  delete tls.expected;
  tls.state = UP;
}

function onHelloRequest(tls: Tls): void {
  refuse(tls, NO_RENEGOTIATION, "the server wants to renegotiate: switch renegotiation off there");
}
