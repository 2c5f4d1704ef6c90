// One WebSocket of a client (RFC 6455): reads frames, answers PING, passes payload on.
// Knows frames and the board's one connection; does not know what the payload means.

import type { Board, Bytes } from "../board";
import { DEBUG, dump, type Log, say, WIRE } from "../log";
import { answerClose, lost } from "./ending";
import { CLOSE, PING, PONG, readFrames, WAITS, WHOLE_MESSAGE } from "./frame";
import { opening, tcpConnected } from "./opening";
import { send } from "./outgoing";
import { type WebSocket, type WebSocketOwner, WS_CLOSED, WS_OPEN, WS_OPENING } from "./state";

export function newWebSocket(board: Board, log: Log, owner: WebSocketOwner, zero = 0): WebSocket {
  return {
    state: WS_CLOSED,
    board,
    log,
    receiver: undefined,
    shownAt: DEBUG,
    owner,
    zero,
    unread: "",
    payloadLeft: 0,
    more: 0,
    over: 0,
    ping: undefined,
    onPayload: owner.onPayload,
    onFrame: began,
    onControl: controlled,
    onConnected: tcpConnected,
    onBytes: arrived,
    onDrained: drained,
    onLost: lost,
  };
}

/**
 * Bytes from the server: the reply, then frames.
 * @inline
 */
function arrived(ws: WebSocket, bytes: Bytes): void {
  let code = 0;
  // The usual chunk is one whole frame (engine 23).
  if (
    bytes[0] === WHOLE_MESSAGE &&
    ws.state === WS_OPEN &&
    !(ws.payloadLeft || ws.unread || ws.more) &&
    ws.log.level < ws.shownAt
  ) {
    let at = 2;
    let length = bytes.charCodeAt(1);
    if (length > 125) {
      at = 4;
      // Neither a length of 64 bits nor the bit of a mask.
      length = length < 127 ? bytes.charCodeAt(2) * 256 + bytes.charCodeAt(3) : -1;
    }
    if (at + length === bytes.length && length) {
      if (!ws.onPayload(ws.receiver, bytes.substr(at))) return;
      code = WAITS;
    }
  }
  take(ws, bytes, code);
}

/**
 * Reads bytes in any pieces, unless they are read and `code` is WAITS, and handles what they have brought. It is separate because
 * the engine would read it behind each usual chunk (engine 23).
 * @resident
 */
function take(ws: WebSocket, bytes: Bytes, code: number): void {
  if (!code) {
    if (ws.state === WS_OPENING) {
      bytes = opening(ws, bytes);
      if (!bytes) return;
    }
    if (ws.log.level >= WIRE) dump(ws.log, "<", bytes);
    code = readFrames(ws, bytes);
  }
  if (code >= WAITS) {
    code -= WAITS;
    const result = ws.owner.onRead(ws.receiver);
    ws.owner.onHandled(ws.owner, result);
  }
  if (ws.ping !== undefined) answerPing(ws);
  if (code) answerClose(ws, code);
}

/** @resident */
function drained(ws: WebSocket): void {
  if (ws.ping !== undefined) answerPing(ws);
  if (ws.state === WS_OPEN) ws.owner.onSent(ws.owner);
  else if (ws.state === WS_OPENING) ws.owner.onTcp(ws.owner, 1);
}

function began(ws: WebSocket, length: number): void {
  say(ws.log, ws.shownAt, "ws", "GOT " + length + " bytes WS msg");
}

function controlled(ws: WebSocket, opcode: number, payload: Bytes): void {
  if (opcode === PING) ws.ping = payload;
  if (opcode === CLOSE) ws.last = payload;
}

/**
 * Answers the last PING; earlier ones need no answer (5.5.3). While something is unsent the answer waits too, so that a server
 * that sends PINGs but does not read cannot fill the memory (engine 37).
 */
function answerPing(ws: WebSocket): void {
  if (ws.state !== WS_OPEN || ws.board.writeBytes("")) return;
  const payload = ws.ping!;
  ws.ping = undefined;
  send(ws, payload, payload, PONG);
}
