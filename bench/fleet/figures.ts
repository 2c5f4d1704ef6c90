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

/** A story as it was counted. Times are in ms. */
export interface Count {
  /** Counts by tenths of a second. */
  moments: Moment[];
  began: number;
  /** When the broker could be reached (again). */
  ready: number;
  over: number;
  boards: number;
  /** Boards that were up when it began. */
  upBefore: number;
}

export function seriesOf({ moments, began, ready, over, upBefore }: Count): Series {
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

export function curveOf(count: Count): Curve {
  const { moments, ready, over } = count;
  const until = upAfter(count);
  const later = moments.filter(([at]) => at >= ready && at < over);
  const peak = peakOf(later.map(([at, tries]) => [(at - ready) / 1000, tries]));
  const end = Math.max(until[95] ?? (over - ready) / 1000, 1);
  const before = later.filter(([at]) => at < ready + end * 1000);
  const total = before.reduce((sum, [, tries]) => sum + tries, 0);
  return { peak, mean: total / end, until };
}

/** When the number of boards that are up last came to each share of them, in seconds after `ready`. */
function upAfter({ moments, began, ready, over, boards, upBefore }: Count): Curve["until"] {
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

/** The most a second, in windows of {@link WINDOW_S}, of so many at a time in s. */
function peakOf(counts: [at: number, n: number][]): number {
  const windows: number[] = [];
  for (const [at, n] of counts) {
    const window = Math.floor(at / WINDOW_S);
    windows[window] = (windows[window] ?? 0) + n;
  }
  return windows.reduce((most, n) => Math.max(most, n), 0) / WINDOW_S;
}

/** How boards came up, from the seconds after which each of them did: their peak over the mean until 95 % were up, and times in s. */
export function spreadOf(ups: number[]): { ratio: number; half: number; most: number; last: number } {
  ups.sort((a, b) => a - b);
  const share = (part: number) => ups[Math.ceil(part * ups.length) - 1]!;
  const most = share(0.95);
  const peak = peakOf(ups.map((at) => [at, 1]));
  return { ratio: peak / ((0.95 * ups.length) / most), half: share(0.5), most, last: ups.at(-1)! };
}

export function ratioOf({ peak, mean }: Curve): number {
  return mean ? peak / mean : 0;
}
