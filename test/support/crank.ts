// A board's clock that a test cranks: time passes only while the test waits, one step after each round trip to the
// broker. A busy PC makes the run slower; it never makes the board's deadlines shorter than the broker's answers.
import type { MqttClient } from "mqtt";
import { ManualClock } from "../../board/virtual/clock.ts";

/** ms of the board in one step. */
const STEP_MS = 50;
/** The longest wait unless a test says otherwise, in ms of the board: ten minutes. */
const LIMIT_MS = 600_000;

export class Crank {
  readonly clock = new ManualClock();

  /** @param pace resolves when the next step may come */
  constructor(
    private readonly pace: () => Promise<void>,
    private readonly stepMs = STEP_MS,
  ) {}

  /** Lets `ms` of the board's time pass, and what the board sent by then reach the broker. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) await this.step(Math.min(this.stepMs, end - this.clock.now()));
    await this.pace();
  }

  /** Lets time pass until the condition is true. Rejects with `log()` after `limitMs` ms of the board's time. */
  async until(condition: () => unknown, what: string, log: () => string, limitMs = LIMIT_MS): Promise<void> {
    const end = this.clock.now() + limitMs;
    while (!condition()) {
      if (this.clock.now() >= end)
        throw new Error(`The board waited ${limitMs / 1000} s for ${what}:\n${log()}`);
      await this.step(this.stepMs);
    }
  }

  private async step(ms: number): Promise<void> {
    await this.pace();
    await this.clock.advance(ms);
  }
}

/** Turns of the event loop that a round trip may take, each of TURN_MS at least: while the PC is busy no turn passes. */
const MOST_TURNS = 12_000;
const TURN_MS = 5;
/** Turns after which the PINGREQ is sent again: the broker answers each one. */
const TURNS_AGAIN = 100;

/**
 * A PINGREQ and its answer, or the end of the connection. The broker has then read what it was sent before. Rejects when no
 * answer comes within `mostTurns`.
 */
export function roundTrip(client: MqttClient, mostTurns = MOST_TURNS): Promise<void> {
  if (!client.connected) return Promise.reject(new Error("the test's own client has lost its connection"));
  return new Promise((resolve, reject) => {
    let turns = 0;
    const finish = (error?: Error) => {
      client.off("packetreceive", look);
      client.off("close", closed);
      clearInterval(timer);
      if (error) reject(error);
      else resolve();
    };
    const look = ({ cmd }: { cmd?: string }) => cmd === "pingresp" && finish();
    const closed = () => finish();
    const turn = () => {
      if (++turns >= mostTurns)
        finish(
          new Error(`no PINGRESP in ${turns} turns of the event loop: the test's broker does not answer`),
        );
      else if (turns % TURNS_AGAIN === 0) client.sendPing();
    };
    const timer = setInterval(turn, TURN_MS);
    client.on("packetreceive", look);
    client.on("close", closed);
    client.sendPing();
  });
}
