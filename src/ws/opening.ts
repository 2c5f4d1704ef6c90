// How a WebSocket opens: the upgrade request, and what the server replies (RFC 6455 4.1).

import type { Bytes, Target } from "../board";
import { DEBUG, say } from "../log";
import { pieces } from "../mqtt/bytes";
import { UNSPECIFIED_ERROR } from "../mqtt/spec";
import { ended } from "./ending";
import { checkReply, END, MAX_DROPPED, MAX_REPLY, relevant } from "./handshake";
import { type WebSocket, WS_OPEN, WS_OPENING } from "./state";

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

export function tcpConnected(ws: WebSocket): void {
  // The reply of a near server may have come first.
  if (ws.state === WS_OPENING) ws.owner.onTcp(ws.owner, 0);
}

/** Takes the reply. Returns the bytes behind it, "" while it is not complete. */
export function opening(ws: WebSocket, bytes: Bytes): Bytes {
  const rest = upgraded(ws, bytes);
  if (rest !== undefined) ws.owner.onOpen(ws.owner);
  return rest || "";
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
