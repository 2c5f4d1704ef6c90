// A board's clock that a test cranks: time passes only while the test waits, one step after each round trip to the
// broker. A busy PC makes the run slower; it never makes the board's deadlines shorter than the broker's answers.
import type { MqttClient } from "mqtt";
import { ManualClock } from "../board/virtual/clock.ts";
import { settled } from "../board/virtual/tcp.ts";
import { inWords } from "./duration.ts";

/** ms of the board in one step. */
const STEP_MS = 50;
/** The longest step to a board's next alarm. */
const LONGEST_STEP_MS = 1000;

/**
 * A step to the next alarm: before it a board does nothing, so nothing has to reach the broker. Only for a test in which the
 * pace waits for everybody else: a page or a proxy that takes its own time would miss the board's deadlines.
 */
export function toNextAlarm(clock: ManualClock): number {
  return Math.max(STEP_MS, Math.min(LONGEST_STEP_MS, clock.next - clock.now()));
}
/** The longest wait unless a test says otherwise, in ms of the board: ten minutes. */
export const LIMIT_MS = 600_000;

export class Crank {
  readonly clock = new ManualClock();

  /**
   * @param pace resolves when the next step may come
   * @param stepMs most ms of the board in one step, or a function that says so before each
   */
  constructor(
    private readonly pace: () => Promise<void>,
    private readonly stepMs: number | ((clock: ManualClock) => number) = STEP_MS,
  ) {}

  /** Lets `ms` of the board's time pass, and what the board sent by then reach the broker. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) await this.step(end - this.clock.now());
    await this.pace();
  }

  /** Lets time pass until the condition is true. Rejects with `log()` after `limitMs` ms of the board's time. */
  async until(condition: () => unknown, what: string, log: () => string, limitMs = LIMIT_MS): Promise<void> {
    const end = this.clock.now() + limitMs;
    while (!condition()) {
      if (this.clock.now() >= end) {
        await this.pace();
        if (condition()) break;
        throw new Error(`The board waited ${inWords(limitMs)} for ${what}:\n${log()}`);
      }
      await this.step(end - this.clock.now());
    }
  }

  private async step(most: number): Promise<void> {
    await this.pace();
    const step = typeof this.stepMs === "number" ? this.stepMs : this.stepMs(this.clock);
    await this.clock.advance(Math.min(step, most));
  }
}

/** Turns of the event loop that a round trip may take, each of TURN_MS at least: while the PC is busy no turn passes. */
const MOST_TURNS = 12_000;
const TURN_MS = 5;
/** Turns after which the PINGREQ is sent again: the broker answers each one. */
const TURNS_AGAIN = 100;

/**
 * A PINGREQ and its answer, or the end of the connection. The broker has then read what it was sent before, and the boards
 * have its answers. Rejects when no answer comes within `mostTurns`.
 */
export async function roundTrip(client: MqttClient, mostTurns = MOST_TURNS): Promise<void> {
  if (!client.connected) throw new Error("the test's own client has lost its connection");
  await settled();
  await ping(client, mostTurns);
  await settled();
}

function ping(client: MqttClient, mostTurns: number): Promise<void> {
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

/** Turns of Node's event loop without traffic after which everything in this process has answered. */
const QUIET_TURNS = 20;

/** Resolves when `traffic`, a count of what moved, has not changed for some turns of Node's event loop. */
export async function quiet(traffic: () => number): Promise<void> {
  for (let turns = 0, seen = traffic(); turns < QUIET_TURNS; turns++) {
    await new Promise((done) => setImmediate(done));
    const now = traffic();
    if (now !== seen) turns = 0;
    seen = now;
  }
}
