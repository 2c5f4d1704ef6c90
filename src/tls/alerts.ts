// Alerts (RFC 5246 7.2): how a connection ends, in both directions, and what they mean in words.

import type { Bytes } from "../board";
import { chars } from "../mqtt/bytes";
import { ALERT, MAX_FRAGMENT, OVER, type Tls, UP, WAIT_CHANGE } from "./state";

/** Levels. */
const WARNING = 1;
const FATAL = 2;

/** Descriptions (RFC 5246 7.2, RFC 6066 9, RFC 4279 6). */
export const CLOSE_NOTIFY = 0;
export const UNEXPECTED_MESSAGE = 10;
export const BAD_RECORD_MAC = 20;
export const RECORD_OVERFLOW = 22;
export const HANDSHAKE_FAILURE = 40;
export const ILLEGAL_PARAMETER = 47;
export const DECODE_ERROR = 50;
export const DECRYPT_ERROR = 51;
export const PROTOCOL_VERSION = 70;
export const INSUFFICIENT_SECURITY = 71;
export const INTERNAL_ERROR = 80;
export const NO_RENEGOTIATION = 100;
export const UNSUPPORTED_EXTENSION = 110;
export const UNRECOGNIZED_NAME = 112;
export const UNKNOWN_PSK_IDENTITY = 115;

/** The alert that nothing more will be sent: WARNING, CLOSE_NOTIFY (7.2.1). */
export const GOODBYE = "\x01\0";

/** Ends TLS, with an alert to the server and a reason in words. The first reason counts. */
export function refuse(tls: Tls, alert: number, why: Bytes): void {
  if (tls.state === OVER) return;
  // It is the only one that is always a warning (RFC 5246 7.2.2).
  sendAlert(tls, alert === NO_RENEGOTIATION ? WARNING : FATAL, alert);
  tls.state = OVER;
  tls.why = "TLS: " + why;
  tls.unread = "";
}

/** Refuses a record of more than MAX_FRAGMENT bytes (RFC 6066 4). */
export function tooLong(tls: Tls, length: number): void {
  const what = "a record of " + length + " bytes, " + MAX_FRAGMENT + " allowed";
  refuse(
    tls,
    RECORD_OVERFLOW,
    what + ": let the server obey max_fragment_length, or set its record size to " + MAX_FRAGMENT,
  );
}

function sendAlert(tls: Tls, level: number, alert: number): void {
  const body = chars(level, alert);
  tls.out =
    (tls.out || "") +
    (tls.state >= WAIT_CHANGE ? tls.sealRecord(tls, ALERT, body) : chars(ALERT, 3, 3, 0, 2) + body);
}

/** An alert of the server. A warning changes nothing, except that it says goodbye. */
export function onAlert(tls: Tls, body: Bytes): void {
  const alert = body.charCodeAt(1);
  if (body.length !== 2)
    return refuse(tls, DECODE_ERROR, "an alert of " + body.length + " bytes, expected 2");
  if (alert === CLOSE_NOTIFY) {
    tls.why = tls.state === UP ? "" : "TLS: the server closed it during the handshake";
    if (tls.state === UP) sendAlert(tls, WARNING, CLOSE_NOTIFY);
    tls.state = OVER;
  } else if (body.charCodeAt(0) !== WARNING) {
    tls.why = "TLS: " + meaning(alert, tls.state === UP);
    tls.state = OVER;
  } else return;
  tls.unread = "";
}

function meaning(alert: number, up: boolean): Bytes {
  // After the handshake the key is proven.
  if (!up && (alert === BAD_RECORD_MAC || alert === DECRYPT_ERROR))
    return "the server has another key for this identity: compare mqtt.tls.psk.key with the server's";
  if (alert === HANDSHAKE_FAILURE || alert === INSUFFICIENT_SECURITY)
    return "the server has no PSK-AES128-CBC-SHA256: give it pre-shared keys, and this cipher suite";
  if (alert === PROTOCOL_VERSION) return "the server refuses TLS 1.2: allow it there";
  if (alert === UNRECOGNIZED_NAME) return "the server does not know the host name of mqtt.url";
  if (alert === UNKNOWN_PSK_IDENTITY)
    return "the server does not know the identity: give it mqtt.tls.psk.identity and its key";
  return "the server ended it with alert " + alert + ", see RFC 5246 7.2";
}

/** What the end of TCP means. `why` is the board's own reason, "" if it knows none. */
export function endOfTcp(tls: Tls, why: Bytes): Bytes {
  // Anybody on the way can end TCP, and cut off what was on its way (RFC 5246 7.2.1).
  if (tls.state === UP) return (why || "TCP ended") + " without TLS's close_notify: something may be cut off";
  if (why || tls.state === OVER) return why;
  return tls.heard
    ? "TLS: closed during the handshake"
    : "TLS: closed without an answer: is it the port of wss://, and has it pre-shared keys?";
}
