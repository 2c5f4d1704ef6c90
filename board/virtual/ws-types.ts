// What the two halves of the stand-in for the stock `ws` module share (ws-module.ts, ws-frames.ts). Types only.
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";

/** What the module needs of the board. */
export interface WsHost {
  realm: Realm;
  events: Events;
  /** The board's `require`. */
  require(name: string): unknown;
  print(line: string): void;
}

/** A socket of either `net` or what the firmware put in its place. */
export interface WsSocket extends Obj {
  write(bytes: string): void;
  end(): void;
  on(event: string, listener: unknown): void;
}

export interface WebSocket extends Obj {
  socket: WsSocket | null;
  lastData: string;
  connected: boolean;
  keepAlive: number;
  masking: boolean;
  pingTimer: unknown;
  key: { source: string; hashed: string };
  emit(event: string, ...args: unknown[]): void;
  send(text: string, first?: number): void;
  parseData(bytes: string): void;
  onConnect(socket: WsSocket): void;
  handshake(): void;
}
