// The common part of the brokers for tests.
import type { Destination, Failure, Link } from "../board/virtual/tcp.ts";
import type { Answer, Answered } from "./answers.ts";
import { matches } from "./filters.ts";
import type { Broker, Message } from "./kit.ts";

/** The brokers that run, the one that was started last at the end. */
export const running: TestBroker[] = [];

/** A connection that is refused, with the chip's error number. */
export const REFUSED: Failure = { kind: "tcp", errno: 104 };

/** A virtual board as a connection needs it. */
export interface Caller {
  onActivity(): void;
  online(): boolean;
  /** The board's time in ms. */
  now(): number;
  /** Which board it is. */
  owner: object;
}

/** A client was accepted, or its connection has ended. */
export interface Login {
  event: "connected" | "disconnected";
  /** The virtual board, where the broker knows it. */
  owner?: object | undefined;
}

export abstract class TestBroker implements Broker {
  abstract readonly kind: Broker["kind"];
  abstract readonly url: string;
  abstract readonly tcpPort: number;
  /** Most ms of a board's time between two round trips to it. */
  abstract readonly stepMs: number;
  readonly messages: Message[] = [];
  /** Connections accepted and ended, in order. */
  readonly logins: Login[] = [];

  /** Its ports of 127.0.0.1. */
  get ports(): number[] {
    return [Number(new URL(this.url).port), this.tcpPort];
  }

  inbox(filter: string): Message[] {
    return this.messages.filter(({ topic }) => matches(filter, topic));
  }

  /** Connects a virtual board. */
  abstract take(to: Destination, board: Caller): Link | Failure;
  /** Resolves when the broker has read what it was sent. */
  abstract pace(): Promise<void>;
  /** The boards' time has come to `now`. */
  abstract tick(): void;
  abstract publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { qos?: 0 | 1 | 2; retain?: boolean },
  ): Promise<void>;
  abstract goAway(): Promise<void>;
  abstract comeBack(): Promise<void>;
  abstract cut(): void;
  abstract answer(packet: Answered, answer: Answer, times?: number): void;
  abstract refuse(status: number, times?: number): void;
  abstract say(bytes: Uint8Array): void;

  /** Ends it. Boards without `hosts` find the broker that was started before, or none. */
  async stop(): Promise<void> {
    const at = running.indexOf(this);
    if (at >= 0) running.splice(at, 1);
    await this.end();
  }

  protected abstract end(): Promise<void>;
}
