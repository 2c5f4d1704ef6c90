// A WebSocket on a board in memory whose events are noted: before the reply to the handshake, or open.
import { websocket } from "#subject";
import { FakeBoard } from "../support/fake-board.ts";
import { reply } from "./server.ts";
import { ownerOf } from "./told.ts";

export const TARGET = { host: "broker", port: 80, path: "/mqtt", tls: 0 };

/** A WebSocket that waits for TCP. */
export function opening(level = 2) {
  const board = new FakeBoard();
  const events: string[] = [];
  const ws = websocket.newWebSocket(
    board,
    { level, print: board.print, uptime: board.uptime },
    ownerOf({
      connected: () => events.push("connected"),
      open: () => events.push("open"),
      data: (payload) => events.push(`data ${payload}`),
      drained() {},
      closed: (why) => events.push(`closed ${why}`),
    }),
  );
  websocket.openWebSocket(ws, TARGET);
  return { board, events, ws, line: board.line };
}

/** An open WebSocket, its log and events empty. Its application shows its frames, or does not: `told`. */
export function opened(level = 2, told = 1) {
  const subject = opening(level);
  if (told) subject.ws.shownAt = 2;
  subject.line.data("");
  subject.line.data(reply());
  subject.events.length = 0;
  subject.board.lines.length = 0;
  return subject;
}
