// The figures of a story, made of the counts in time. Knows no process and no broker.
import type { Accounts } from "./accounts.ts";
import type { Moment } from "./boards/ledger.ts";

/** Width of the windows in which the peak is looked for, in s. */
export const WINDOW_S = 5;

/** The picture's numbers: attempts to connect and boards that are up, by second of the story. */
export interface Series {
  attempts: number[];
  up: number[];
  /** Second of the story from which on the broker could be reached (again). */
  from: number;
}

export interface Curve {
  /** Most attempts a second, in windows of {@link WINDOW_S} from that second on, and their mean until 95 % are up. */
  peak: number;
  mean: number;
  /** Seconds from then until 50, 95 and 100 % of the boards are up for good; undefined: that was not reached. */
  until: { 50?: number; 95?: number; 100?: number };
}

/** One result, as it is written. */
export interface Result {
  broker: string;
  story: string;
  boards: number;
  client: "light" | "bundle" | "mqttjs";
  version: 4 | 5;
  everyS: number;
  series: Series;
  curve: Curve;
  /** Most attempts of one board within a minute. */
  mostAttempts: number;
  accounts: Accounts;
  /** Connections by node in the end, where a balancer counts them. */
  load?: Record<string, number>;
  /** Of one board that is up: KB of memory, and thousandths of a core. */
  cost: { kb: number; core: number };
}

/**
 * @param began when the story began, `ready` when the broker could be reached (again), `over` when it ended, in ms
 * @param upBefore boards that were up when it began
 */
export function seriesOf(
  moments: Moment[],
  began: number,
  ready: number,
  over: number,
  upBefore: number,
): Series {
  const seconds = Math.ceil((over - began) / 1000);
  const attempts = new Array<number>(seconds).fill(0);
  const change = new Array<number>(seconds).fill(0);
  for (const [at, tries, ups, downs] of moments) {
    const second = Math.floor((at - began) / 1000);
    if (second < 0 || second >= seconds) continue;
    attempts[second]! += tries;
    change[second]! += ups - downs;
  }
  let up = upBefore;
  return {
    attempts,
    up: change.map((each) => {
      up += each;
      return up;
    }),
    from: Math.round((ready - began) / 100) / 10,
  };
}

/**
 * @param moments counts by tenths of a second
 * @param upBefore boards that were up when the story began
 */
export function curveOf(
  moments: Moment[],
  began: number,
  ready: number,
  over: number,
  boards: number,
  upBefore: number,
): Curve {
  const until = upAfter(moments, began, ready, over, boards, upBefore);
  const later = moments.filter(([at]) => at >= ready && at < over);
  const windows: number[] = [];
  for (const [at, tries] of later) {
    const window = Math.floor((at - ready) / 1000 / WINDOW_S);
    windows[window] = (windows[window] ?? 0) + tries;
  }
  const end = Math.max(until[95] ?? (over - ready) / 1000, 1);
  const before = later.filter(([at]) => at < ready + end * 1000);
  const total = before.reduce((sum, [, tries]) => sum + tries, 0);
  return { peak: Math.max(0, ...windows.filter((n) => n > 0)) / WINDOW_S, mean: total / end, until };
}

/** When the number of boards that are up last came to each share of them, in seconds after `ready`. */
function upAfter(
  moments: Moment[],
  began: number,
  ready: number,
  over: number,
  boards: number,
  upBefore: number,
): Curve["until"] {
  const changes = new Map<number, number>();
  for (const [at, , ups, downs] of moments)
    if (at >= began && at < over) changes.set(at, (changes.get(at) ?? 0) + ups - downs);
  const until: Curve["until"] = {};
  for (const share of [50, 95, 100] as const) {
    let up = upBefore;
    let since: number | undefined = up * 100 >= share * boards ? ready : undefined;
    for (const [at, change] of [...changes].sort(([a], [b]) => a - b)) {
      up += change;
      if (up * 100 < share * boards) since = undefined;
      // What happens in a tenth of a second counts at its end.
      else since ??= Math.max(at + 100, ready);
    }
    if (since !== undefined) until[share] = Math.round((since - ready) / 100) / 10;
  }
  return until;
}

export function ratioOf({ peak, mean }: Curve): number {
  return mean ? peak / mean : 0;
}
