// A fleet that lost its broker, in numbers: no sockets, no clock, the same result at every run. It asks the firmware's own
// back-off (src/link/back-off.ts) for each wait.

import type { Board } from "../src/board.ts";
import { backOff } from "../src/link/back-off.ts";
import {
  BUSY_WAIT_S,
  CONNECT_DEADLINE_S,
  HANDSHAKE_DEADLINE_S,
  type Link,
  REACHED,
} from "../src/link/rungs.ts";
import { spreadOf } from "./fleet/figures.ts";

/** What a board meets while the broker is down: TCP refused, no answer at all, or HTTP 503 of the balancer in front. */
export const WAYS = ["refused", "silent", "busy"] as const;
/** The restarts that are looked at: seconds down, log-ins a second. */
export const DOWN_S = [1, 2, 5, 20, 60, 300];
export const RATES = [250, 500, 1000, 2000];

export interface Restart {
  boards: number;
  /** Seconds from the end of all connections until the broker listens. */
  downS: number;
  /** Log-ins that the broker completes in a second; more wait in a line, also those that have given up. */
  rate: number;
  way: (typeof WAYS)[number];
}

export interface Outcome {
  /** Peak of connects in windows of 5 s, over their mean until 95 % are up. */
  ratio: number;
  /** Seconds from the moment the broker listens until 50 %, 95 % and all are up. */
  half: number;
  most: number;
  last: number;
  /** Attempts that gave up in the broker's line. */
  late: number;
  /** Most attempts of one board in any minute. */
  attempts: number;
}

interface Member {
  /** When it tries next, in seconds since the connections ended. */
  at: number;
  link: Link;
  tried: number[];
}

/** The connections of all boards end within this time, in seconds: the broker closes them one by one. */
const CLOSED_WITHIN_S = 0.5;

/** @param random numbers from 0 to below 1 */
export function restarted(restart: Restart, random: () => number): Outcome {
  const { boards, downS, rate, way } = restart;
  const board = { chance: random } as Board;
  const steps: Member[][] = [];
  const fail = (it: Member, joined: number, least: number) => {
    it.link.joined = joined;
    it.at += backOff(it.link, least);
    // Boards are taken in order of hundredths of a second.
    const step = Math.floor(it.at * 100);
    steps[step] ??= [];
    steps[step].push(it);
  };
  for (let n = 0; n < boards; n++) {
    const link = { board, tries: 0, joins: 0 } as Link;
    fail({ at: random() * CLOSED_WITHIN_S, link, tried: [] }, REACHED, 0);
  }
  const ups: number[] = [];
  let free = downS;
  let late = 0;
  let attempts = 0;
  for (let step = 0; step < steps.length; step++) {
    for (const it of steps[step] ?? []) {
      it.tried.push(it.at);
      attempts = Math.max(attempts, it.tried.filter((at) => at > it.at - 60).length);
      if (it.at < downS) {
        if (way === "silent") it.at += CONNECT_DEADLINE_S;
        fail(it, way === "busy" ? REACHED : 1, way === "busy" ? BUSY_WAIT_S : 0);
        continue;
      }
      free = Math.max(free, it.at) + 1 / rate;
      if (free - it.at <= HANDSHAKE_DEADLINE_S) ups.push(free - downS);
      else {
        late++;
        it.at += HANDSHAKE_DEADLINE_S;
        fail(it, REACHED, 0);
      }
    }
    delete steps[step];
  }
  return { ...spreadOf(ups), late, attempts };
}
