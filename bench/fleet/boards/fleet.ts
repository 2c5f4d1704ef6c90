// What the worker processes run: a part of the fleet, of one of three kinds. All kinds tell the ledger the same events.
import type { Ledger } from "./ledger.ts";

/** What a part of a fleet is made of. */
export interface Part {
  /** Numbers of its boards: from, and the first one that is not its own any more. */
  from: number;
  to: number;
  /** `ws://` URL whose port is replaced by {@link Fleet.door}. */
  url: string;
  version: 4 | 5;
  /** Seconds between two messages of a board at each QoS. */
  everyS: number;
  ledger: Ledger;
}

export interface Fleet {
  /** The port that all connections lead to from now on. */
  door: number;
  /** Switches all boards on, evenly over some seconds; 0 = at once. */
  start(overS: number): void;
  /** The network ends every connection. */
  cut(): void;
  /** Every third board loses its Wi-Fi, or has it again. */
  wifi(on: boolean): void;
  /** Whether nothing new is published. */
  quiet(on: boolean): void;
  stop(): void;
}

/** How many addresses of this machine the boards connect from: one address has 28,000 ports, less those that rest. */
const ADDRESSES = 32;

/** The address that a board connects from. */
export function addressOf(board: number): string {
  return `127.1.0.${1 + (board % ADDRESSES)}`;
}

export function idOf(board: number): string {
  return `b${board}`;
}

/** Whether a board is one of the third whose Wi-Fi goes. */
export function losesWifi(board: number): boolean {
  return board % 3 === 0;
}

/** The topic of a board, below which are `/up` and `/down`. */
export function topicOf(board: number): string {
  return `fleet/${idOf(board)}`;
}

/** Calls `start` for each board, evenly over some seconds. */
export function startOver<T>(boards: T[], overS: number, start: (board: T, i: number) => void): void {
  boards.forEach((board, i) => {
    if (overS) setTimeout(start, (i / boards.length) * overS * 1000, board, i);
    else start(board, i);
  });
}
