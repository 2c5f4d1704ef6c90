// The record of one WebSocket of a client, its states and its events.

import type { Board, Bytes, Line } from "../board";
import type { Log } from "../log";
import type { FrameReader } from "./frame";

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
   * Payload, in pieces of any size; also after `closeWebSocket`, until the server has closed.
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
   * The WebSocket and its connection have ended. Not called after `abandon`.
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
