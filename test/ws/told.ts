// A frame reader, and an owner of a WebSocket. A test gives their events as closures.
import type { FrameReader } from "../../src/ws/frame.ts";
import type { WebSocketOwner } from "../../src/ws/state.ts";

export interface FrameEvents {
  frame(length: number): void;
  data(payload: string): void;
  control(opcode: number, payload: string): void;
}

/** A reader at the beginning of a stream. */
export function readerOf(on: FrameEvents): FrameReader {
  return {
    unread: "",
    payloadLeft: 0,
    more: 0,
    over: 0,
    log: { level: 2 },
    shownAt: 2,
    receiver: undefined,
    onFrame: (_, length) => on.frame(length),
    onPayload(_, payload) {
      on.data(payload);
      return 0;
    },
    onControl: (_, opcode, payload) => on.control(opcode, payload),
  };
}

export interface SocketEvents {
  connected(secured: number): void;
  open(): void;
  data(payload: string): void;
  drained(): void;
  closed(why: string, reason: number): void;
}

export function ownerOf(on: SocketEvents): WebSocketOwner {
  return {
    onTcp: (_, secured) => on.connected(secured),
    onOpen: () => on.open(),
    onPayload(_, payload) {
      on.data(payload);
      return 0;
    },
    onRead: () => 0,
    onHandled() {},
    onSent: () => on.drained(),
    onEnd: (_, why, reason) => on.closed(why, reason),
  };
}
