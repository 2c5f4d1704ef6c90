// One WebSocket of a client (RFC 6455): checks the handshake, answers PING and CLOSE, passes payload on.
// Knows frames and the board's one connection; does not know what the payload means.

import type { Board, Bytes, Line, Target } from "../board";
import { DEBUG, dump, type Log, say, WIRE } from "../log";
import { chars, pieces, readU16, u16 } from "../mqtt/bytes";
import { PROTOCOL_ERROR, SERVER_UNAVAILABLE, UNSPECIFIED_ERROR } from "../mqtt/spec";
import {
  CLOSE,
  type FrameReader,
  frameHeader,
  NO_STATUS,
  PING,
  PONG,
  readFrames,
  STATUS_SERVICE_RESTART,
  STATUS_TRY_AGAIN_LATER,
  unmasked,
  WAITS,
  WHOLE_MESSAGE,
} from "./frame";
import { checkReply, END, MAX_DROPPED, MAX_REPLY, relevant } from "./handshake";

/** Zeros in place of the masking key (5.2), which masking makes the key. */
const KEY_PLACE = "\0\0\0\0";

export const WS_CLOSED = 0;
export const WS_OPENING = 1;
export const WS_OPEN = 2;
/** We have sent a CLOSE and wait for the peer's. */
export const WS_CLOSING = 3;

/**
 * Events of a WebSocket. The callbacks receive the owner (engine 9); those of each message receive `receiver`, without a call in
 * between (engine 23).
 * @direct
 */
export interface WebSocketOwner {
  /** TCP is connected; over TLS a second call with `secured` 1 says that TLS is too. The reply has not come yet. */
  onTcp(owner: WebSocketOwner, secured: number): void;
  /** The handshake is done. */
  onOpen(owner: WebSocketOwner): void;
  /**
   * Payload, in pieces of any size; also after {@link closeWebSocket}, until the server has closed.
   * @returns 0, or another number to have `onRead` called when the chunk is read
   */
  onPayload(receiver: unknown, payload: Bytes): number;
  /** The readers have returned: what the chunk has brought can be handled (engine 19). @returns what `onHandled` gets */
  onRead(receiver: unknown): number;
  /** It is handled. */
  onHandled(owner: WebSocketOwner, result: number): void;
  /** All that was sent has left the board. */
  onSent(owner: WebSocketOwner): void;
  /**
   * The WebSocket and its connection have ended. Not called after {@link abandon}.
   * @param why in plain words
   * @param reason an HTTP status of 300..599 or WRONG_SUBPROTOCOL if the server refused, PROTOCOL_ERROR after a bad frame,
   *   SERVER_UNAVAILABLE if the server has closed because it restarts or is overloaded, else UNSPECIFIED_ERROR
   * @param wait least seconds until the next attempt, as the server asks for them; 0 = it asks for none
   */
  onEnd(owner: WebSocketOwner, why: Bytes, reason: number, wait: number): void;
}

export interface WebSocket extends FrameReader, Line {
  state: number;
  board: Board;
  log: Log;
  owner: WebSocketOwner;
  /** 1 to mask with zeros, which changes nothing. Much faster, but not the random key that 5.3 demands. */
  zero: number;
  /** Payload of the last PING that is not answered yet. */
  ping: Bytes | undefined;
  /** Bytes of the reply that were dropped, where it is long. */
  dropped?: number;
  /** Payload of the peer's CLOSE, once it has come. */
  last?: Bytes;
}

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

function tcpConnected(ws: WebSocket): void {
  // The reply of a near server may have come first.
  if (ws.state === WS_OPENING) ws.owner.onTcp(ws.owner, 0);
}

/** Takes the reply. Returns the bytes behind it, "" while it is not complete. */
function opening(ws: WebSocket, bytes: Bytes): Bytes {
  const rest = upgraded(ws, bytes);
  if (rest !== undefined) ws.owner.onOpen(ws.owner);
  return rest || "";
}

/** @resident */
function drained(ws: WebSocket): void {
  if (ws.ping !== undefined) answerPing(ws);
  if (ws.state === WS_OPEN) ws.owner.onSent(ws.owner);
  else if (ws.state === WS_OPENING) ws.owner.onTcp(ws.owner, 1);
}

function lost(ws: WebSocket, why: Bytes): void {
  // A plain MQTT port closes without a word when it gets an upgrade request.
  const silent = ws.state === WS_OPENING && !ws.unread;
  ended(
    ws,
    why || (silent ? "closed without an answer: not a WebSocket port?" : "connection closed by the server"),
    UNSPECIFIED_ERROR,
  );
}

function began(ws: WebSocket, length: number): void {
  say(ws.log, ws.shownAt, "ws", "GOT " + length + " bytes WS msg");
}

function controlled(ws: WebSocket, opcode: number, payload: Bytes): void {
  if (opcode === PING) ws.ping = payload;
  if (opcode === CLOSE) ws.last = payload;
}

/** Connects and sends the upgrade request. The result is an event. */
export function openWebSocket(ws: WebSocket, target: Target): void {
  ws.state = WS_OPENING;
  ws.unread = "";
  ws.payloadLeft = 0;
  ws.more = 0;
  ws.over = 0;
  delete ws.last;
  delete ws.dropped;
  ws.board.open(target, ws);
}

/**
 * Sends a message, a frame of one, or a control frame, which may come between the frames of a message (5.4).
 * @param shown the payload as a log may show it, without secrets
 * @param opcode with MORE (frame.ts) added where the message goes on
 * @returns the number of bytes in the board's queue
 * @resident
 */
export function send(ws: WebSocket, payload: Bytes, shown: Bytes, opcode: number): number {
  const length = payload.length;
  if (ws.log.level >= WIRE) show(ws, shown, opcode);
  // The usual headers take one native call (engine 23).
  let head: Bytes;
  let at = 2;
  if (length < 126) head = chars(0x80 ^ opcode, 0x80 | length) + KEY_PLACE;
  else {
    at = 4;
    head = chars(0x80 ^ opcode, 0xfe, length >> 8, length & 255) + KEY_PLACE;
    if (length > 65535) {
      at = 10;
      head = frameHeader(opcode, length, 0x80) + KEY_PLACE;
    }
  }
  // A random masking key for each frame (5.3), never 0. An engine's random number has 31 bits: the lowest bit stays.
  const key = ws.zero ? 0 : (ws.board.chance() * 4294967296) | 1;
  return ws.board.writeFrame(head, payload, key, length, at);
}

/** Logs a frame that leaves. */
function show(ws: WebSocket, shown: Bytes, opcode: number): void {
  dump(ws.log, ">", unmasked(opcode, shown));
}

/**
 * The number of bytes in the board's queue. Also has `onSent` called when they have left.
 * @resident
 */
export function waiting(ws: WebSocket): number {
  return ws.board.writeBytes("");
}

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

/** Takes more bytes of the server's reply. Returns the bytes behind it; undefined if the WebSocket is not open yet. */
function upgraded(ws: WebSocket, bytes: Bytes): Bytes | undefined {
  bytes = ws.unread + bytes;
  if (bytes.length > MAX_REPLY) {
    const left = relevant(bytes);
    ws.dropped = (ws.dropped || 0) + bytes.length - left.length;
    bytes = left;
  }
  ws.unread = bytes;
  if (ws.dropped! > MAX_DROPPED) {
    ended(ws, "not a WebSocket server: over " + MAX_DROPPED + " bytes of other headers", UNSPECIFIED_ERROR);
    return undefined;
  }
  const verdict = checkReply(bytes, ws.board);
  if (!verdict) return undefined;
  ws.unread = "";
  if (verdict.reason) {
    ended(ws, verdict.why, verdict.reason, verdict.wait);
    return undefined;
  }
  if (ws.board.accepted(bytes) === undefined) {
    say(ws.log, DEBUG, "ws", "Sec-WebSocket-Accept not checked: this board has no SHA-1");
  }
  ws.state = WS_OPEN;
  return bytes.substr(pieces(bytes, END)[0]!.length + END.length);
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

/** Ends the WebSocket with this code, after a CLOSE of the server or a bad frame (5.5.1, 7.1.7). */
function answerClose(ws: WebSocket, code: number): void {
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

function ended(ws: WebSocket, why: Bytes, reason: number, wait = 0): void {
  if (ws.state === WS_CLOSED) return;
  abandon(ws, 0);
  ws.owner.onEnd(ws.owner, why, reason, wait);
}
