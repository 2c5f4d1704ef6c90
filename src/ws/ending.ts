// How a WebSocket ends: by its owner, by a CLOSE of the server or a bad frame (RFC 6455 5.5.1, 7.1), or with its connection.

import type { Bytes } from "../board";
import { readU16, u16 } from "../mqtt/bytes";
import { PROTOCOL_ERROR, SERVER_UNAVAILABLE, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { CLOSE, NO_STATUS, STATUS_SERVICE_RESTART, STATUS_TRY_AGAIN_LATER } from "./frame";
import { send } from "./outgoing";
import { type WebSocket, WS_CLOSED, WS_CLOSING, WS_OPEN, WS_OPENING } from "./state";

/** Begins the closing handshake (7.1.2). The server answers and closes; `onEnd` reports that. */
export function closeWebSocket(ws: WebSocket, code: number): void {
  if (ws.state === WS_OPEN) send(ws, u16(code), u16(code), CLOSE);
  ws.state = WS_CLOSING;
}

/** Ends the connection at once and without an event. Bytes that were not sent yet are dropped if `now` is 1. */
export function abandon(ws: WebSocket, now: number): void {
  ws.state = WS_CLOSED;
  ws.over = 1;
  ws.unread = "";
  ws.ping = undefined;
  ws.board.hangUp(now);
}

export function ended(ws: WebSocket, why: Bytes, reason: number, wait = 0): void {
  if (ws.state === WS_CLOSED) return;
  abandon(ws, 0);
  ws.owner.onEnd(ws.owner, why, reason, wait);
}

export function lost(ws: WebSocket, why: Bytes): void {
  // A plain MQTT port closes without a word when it gets an upgrade request.
  const silent = ws.state === WS_OPENING && !ws.unread;
  ended(
    ws,
    why || (silent ? "closed without an answer: not a WebSocket port?" : "connection closed by the server"),
    UNSPECIFIED_ERROR,
  );
}

/** Ends the WebSocket with this code, after a CLOSE of the server or a bad frame (5.5.1, 7.1.7). */
export function answerClose(ws: WebSocket, code: number): void {
  const last = ws.last || "";
  const theirs = code === NO_STATUS || readU16(last, 0) === code;
  const payload = code === NO_STATUS ? "" : u16(code);
  // Both ask for a later attempt, 1012 after a random time: such is the wait after SERVER_UNAVAILABLE.
  const later = code === STATUS_SERVICE_RESTART || code === STATUS_TRY_AGAIN_LATER;
  if (ws.state === WS_OPEN) send(ws, payload, payload, CLOSE);
  ended(
    ws,
    theirs
      ? "server closed the WebSocket: " + code + " " + last.substr(2)
      : "bad WebSocket frame: closed with " + code,
    theirs ? (later ? SERVER_UNAVAILABLE : UNSPECIFIED_ERROR) : PROTOCOL_ERROR,
  );
}
