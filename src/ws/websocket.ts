// One WebSocket of a client (RFC 6455): handshake, PING and CLOSE are answered, payload is passed on.
// Knows frames and the board's one connection; does not know what the payload means.

import type { Board, Bytes, Line, Target } from "../board";
import { DEBUG, dump, INFO, type Log, say, WIRE } from "../log";
import { readU16, u16 } from "../mqtt/bytes";
import { PROTOCOL_ERROR, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { BINARY, CLOSE, type FrameReader, frame, NO_STATUS, PING, PONG, readFrames, unmasked } from "./frame";
import { checkReply, END } from "./handshake";

export const WS_CLOSED = 0;
export const WS_OPENING = 1;
export const WS_OPEN = 2;
/** We have sent a CLOSE and wait for the peer's. */
export const WS_CLOSING = 3;

/**
 * What a WebSocket tells its owner; the functions get the owner.
 * @direct
 */
export interface WebSocketOwner {
  /** TCP is connected, then, over TLS, that too: `secured` is 1. The reply is still to come. */
  onTcp(owner: WebSocketOwner, secured: number): void;
  /** The handshake is done. */
  onOpen(owner: WebSocketOwner): void;
  /** Payload, in pieces of any size; also after {@link closeWebSocket}, until the server has closed. */
  onPayload(owner: WebSocketOwner, payload: Bytes): void;
  /** All that was sent has left the board. */
  onSent(owner: WebSocketOwner): void;
  /**
   * It is over, and the connection with it; says why. Not called after {@link abandon}. `reason` is an HTTP status of
   * 300..599 or WRONG_SUBPROTOCOL when the server refused, PROTOCOL_ERROR after a bad frame, else UNSPECIFIED_ERROR.
   */
  onEnd(owner: WebSocketOwner, why: Bytes, reason: number): void;
}

export interface WebSocket extends FrameReader, Line {
  state: number;
  board: Board;
  log: Log;
  owner: WebSocketOwner;
  /** 1 to mask with zeros, that is not at all: not what 5.3 asks for, and much faster. */
  zero: number;
  /** Payload of the last PING that is not answered yet. */
  ping?: Bytes;
  /** Payload of the peer's CLOSE. */
  last: Bytes;
}

export function newWebSocket(board: Board, log: Log, owner: WebSocketOwner, zero = 0): WebSocket {
  return {
    state: WS_CLOSED,
    board,
    log,
    owner,
    zero,
    last: "",
    unread: "",
    payloadLeft: 0,
    more: 0,
    over: 0,
    onPayload: owner.onPayload,
    onFrame: began,
    onControl: controlled,
    onBytes: arrived,
    onDrained: drained,
    onLost: lost,
  };
}

/**
 * Bytes from the server: what is left of the reply, then frames.
 * @resident
 */
function arrived(ws: WebSocket, bytes: Bytes): void {
  if (ws.state === WS_OPENING) {
    if (!bytes) return ws.owner.onTcp(ws.owner, 0);
    const rest = upgraded(ws, bytes);
    if (rest === undefined) return;
    bytes = rest;
    ws.owner.onOpen(ws.owner);
  }
  if (ws.log.level >= WIRE) dump(ws.log, "<", bytes);
  const code = readFrames(ws, bytes);
  if (ws.ping !== undefined) answerPing(ws);
  if (code) answerClose(ws, code);
}

function drained(ws: WebSocket): void {
  if (ws.ping !== undefined) answerPing(ws);
  if (ws.state === WS_OPEN) ws.owner.onSent(ws.owner);
  else if (ws.state === WS_OPENING) ws.owner.onTcp(ws.owner, 1);
}

function lost(ws: WebSocket, why: Bytes): void {
  // What a plain MQTT port does with an upgrade request.
  const silent = ws.state === WS_OPENING && !ws.unread;
  ended(
    ws,
    why || (silent ? "closed without an answer: not a WebSocket port?" : "connection closed by the server"),
    UNSPECIFIED_ERROR,
  );
}

function began(ws: WebSocket, length: number): void {
  say(ws.log, INFO, "ws", "GOT " + length + " bytes WS msg");
}

function controlled(ws: WebSocket, opcode: number, payload: Bytes): void {
  if (opcode === PING) ws.ping = payload;
  if (opcode === CLOSE) ws.last = payload;
}

/** Connects and shakes hands; the outcome is an event. */
export function openWebSocket(ws: WebSocket, target: Target): void {
  ws.state = WS_OPENING;
  ws.unread = "";
  ws.payloadLeft = 0;
  ws.more = 0;
  ws.over = 0;
  ws.last = "";
  ws.board.open(target, ws);
}

/**
 * Sends one message or control frame; `shown` is how its payload may stand in a log.
 * @returns the bytes that wait in the board's queue now
 * @resident
 */
export function send(ws: WebSocket, payload: Bytes, shown: Bytes, opcode: number = BINARY): number {
  const board = ws.board;
  if (ws.log.level >= WIRE) dump(ws.log, ">", unmasked(opcode, shown));
  // A key that the server cannot foretell for each frame (5.3).
  const key = ws.zero ? 0 : ((board.chance() * 65536) << 16) | (board.chance() * 65536);
  return board.writeBytes(frame(opcode, payload, key, board));
}

/** The bytes that wait in the board's queue now; `onSent` is told when they have left. */
export function waiting(ws: WebSocket): number {
  return ws.board.writeBytes("");
}

/** Begins the closing handshake (7.1.2): the server answers and closes, `closed` tells. */
export function closeWebSocket(ws: WebSocket, code: number): void {
  if (ws.state === WS_OPEN) send(ws, u16(code), u16(code), CLOSE);
  ws.state = WS_CLOSING;
}

/** Ends the connection without waiting for anybody, and without an event. What is unsent is lost if `now` is set. */
export function abandon(ws: WebSocket, now: number): void {
  ws.state = WS_CLOSED;
  ws.over = 1;
  ws.unread = "";
  ws.ping = undefined;
  ws.board.hangUp(now);
}

/** Takes more of the server's reply. Returns the bytes behind it, undefined unless the WebSocket is open now. */
function upgraded(ws: WebSocket, bytes: Bytes): Bytes | undefined {
  ws.unread += bytes;
  bytes = ws.unread;
  const verdict = checkReply(bytes, ws.board);
  if (!verdict) return undefined;
  ws.unread = "";
  if (verdict.reason) {
    ended(ws, verdict.why, verdict.reason);
    return undefined;
  }
  if (ws.board.accepted(bytes) === undefined) {
    say(ws.log, DEBUG, "ws", "Sec-WebSocket-Accept not checked: this board has no SHA-1");
  }
  ws.state = WS_OPEN;
  return bytes.substr(bytes.split(END)[0]!.length + END.length);
}

/**
 * Answers the last PING; of several only that one needs an answer (5.5.3). While something waits unsent the answer waits
 * too, so that a server that sends PINGs and reads nothing does not fill our memory.
 */
function answerPing(ws: WebSocket): void {
  if (ws.state !== WS_OPEN || ws.board.writeBytes("")) return;
  const payload = ws.ping!;
  ws.ping = undefined;
  send(ws, payload, payload, PONG);
}

/** The peer has closed, or deserves to be closed, with this code (5.5.1, 7.1.7). */
function answerClose(ws: WebSocket, code: number): void {
  const theirs = code === NO_STATUS || readU16(ws.last, 0) === code;
  const payload = code === NO_STATUS ? "" : u16(code);
  if (ws.state === WS_OPEN) send(ws, payload, payload, CLOSE);
  ended(
    ws,
    theirs
      ? "server closed the WebSocket: " + code + " " + ws.last.substr(2)
      : "bad WebSocket frame: closed with " + code,
    theirs ? UNSPECIFIED_ERROR : PROTOCOL_ERROR,
  );
}

function ended(ws: WebSocket, why: Bytes, reason: number): void {
  if (ws.state === WS_CLOSED) return;
  abandon(ws, 0);
  ws.owner.onEnd(ws.owner, why, reason);
}
