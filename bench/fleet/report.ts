// What a run prints of a story, and where its data go.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/root.ts";
import type { Account, Pair } from "./accounts.ts";
import { type Result, ratioOf, WINDOW_S } from "./figures.ts";

export const RESULTS = join(ROOT, "bench/fleet/results");

/** Attempts of a board to connect within a minute that are never exceeded: EMQX bans a client at 15 by its default rule. */
export const MOST_ATTEMPTS = 12;

function fileOf({ broker, story, boards, client }: Result): string {
  return `${broker}-${story}-${boards}${client === "light" ? "" : `-${client}`}.json`;
}

/** Numbers on one line each list: a file that people can read, and compare. */
export function save(result: Result, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(result, undefined, 1).replace(/\[[\d\s,.]*\]/g, (list) =>
    list.replace(/\s+/g, ""),
  );
  const file = join(folder, fileOf(result));
  writeFileSync(file, `${text}\n`);
  return file;
}

/** All results, in the order of their names. */
export function results(): Result[] {
  const names = readdirSync(RESULTS).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => JSON.parse(readFileSync(join(RESULTS, name), "utf8")));
}

export function linesOf(result: Result): string[] {
  const { curve, accounts, load, cost, boards } = result;
  const { messages, commands, missedByGroup, givenUp } = accounts;
  const shares = Object.entries(load ?? {}).map(([node, n]) => `${node} ${n}`);
  return [
    `${result.story}: ${boards} boards at ${result.broker}, ${result.client}`,
    `  up: 50 % ${after(curve.until[50])}, 95 % ${after(curve.until[95])}, all ${after(curve.until[100])}`,
    `  attempts: at most ${result.mostAttempts} of one board in a minute, never to be over ${MOST_ATTEMPTS}`,
    `  messages, QoS 1 and 2: ${inWords(messages)}`,
    `  commands, QoS 1 and 2: ${inWords(commands)}`,
    ...(missedByGroup === undefined ? [] : [`  not got by the group behind $share/: ${missedByGroup}`]),
    ...(Object.keys(givenUp).length ? [`  given up: ${JSON.stringify(givenUp)}`] : []),
    ...(shares.length ? [`  connections by node: ${shares.join(", ")}`] : []),
    `  one board: ${cost.kb} KB, ${cost.core.toFixed(2)} thousandths of a core`,
    `  connects a second: peak ${curve.peak.toFixed(1)} in ${WINDOW_S} s, mean ${curve.mean.toFixed(1)}, ` +
      `peak over mean ${ratioOf(curve).toFixed(2)}`,
  ];
}

function inWords({ sent, lost, doubled, again }: Account): string {
  const pair = ([one, two]: Pair) => `${one} and ${two}`;
  return (
    `${pair(sent)} sent; lost by us ${pair(lost.ours)}, by the broker ${pair(lost.broker)}; ` +
    `twice at QoS 2 by us ${doubled.ours}, by the broker ${doubled.broker}; again at QoS 1 ${again}`
  );
}

function after(seconds: number | undefined): string {
  return seconds === undefined ? "never" : `after ${seconds} s`;
}
