// The pictures of docs/fleet.md, made of the results.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../build/root.ts";
import type { Result } from "./figures.ts";
import { type Line, legend, page, plot } from "./plot.ts";
import { results } from "./report.ts";
import { STORIES } from "./stories.ts";

const OURS = "#2a7";
const THEIRS = "#c52";
const COLOURS: Record<string, string> = { mosquitto: "#2a7", rabbitmq: "#c52", ejabberd: "#36c" };
const WIDTH = 860;
/** Seconds of the first picture at most. */
const MOST_S = 120;

/** The pictures, by their files. */
export function pictures(): Record<string, string> {
  const all = results();
  return { "docs/fleet-restart.svg": restartPicture(all), "docs/fleet-stories.svg": storiesPicture(all) };
}

export function drawPictures(): void {
  for (const [file, picture] of Object.entries(pictures())) writeFileSync(join(ROOT, file), picture);
}

/** The result of most boards among those that fit. */
export function largest(all: Result[], fits: (result: Result) => boolean): Result | undefined {
  return all.filter(fits).sort((a, b) => b.boards - a.boards)[0];
}

/** The restart with most boards that both clients have: theirs, and ours. */
export function pairOf(all: Result[]): { ours: Result; theirs: Result } | undefined {
  const restarts = all.filter(({ story, broker }) => story === "restart" && broker === "mosquitto");
  const theirs = largest(
    restarts,
    ({ client, boards }) =>
      client === "mqttjs" && restarts.some((other) => other.client === "light" && other.boards === boards),
  );
  const ours = restarts.find(({ client, boards }) => client === "light" && boards === theirs?.boards);
  return ours && theirs && { ours, theirs };
}

/** Connects a second from the moment the broker listens. */
function attempts({ series }: Result, name: string, colour: string): Line {
  const points = series.attempts.map((n, at): [number, number] => [at - series.from, n]);
  return { name, colour, points: points.filter(([at]) => at >= 0 && at <= MOST_S) };
}

function restartPicture(all: Result[]): string {
  const pair = pairOf(all);
  if (!pair) return page(WIDTH, 40, []);
  const lines = [
    attempts(pair.theirs, "MQTT.js: every second", THEIRS),
    attempts(pair.ours, "this firmware", OURS),
  ];
  const most = Math.max(...lines.flatMap(({ points }) => points.map(([, n]) => n)));
  const seconds = Math.max(...lines.flatMap(({ points }) => points.map(([at]) => at)));
  const frame = { x: 60, y: 50, width: WIDTH - 80, height: 240 };
  return page(WIDTH, 340, [
    plot(
      {
        ...frame,
        title: `Restart of the broker, ${pair.ours.boards.toLocaleString("en")} boards`,
        most: [Math.ceil(seconds), 10 ** Math.ceil(Math.log10(most))],
        says: ["seconds since the broker listens", "connects a second"],
        log: true,
      },
      lines,
    ),
    legend(60, 20, lines),
  ]);
}

function storiesPicture(all: Result[]): string {
  const names = Object.keys(STORIES);
  const brokers = Object.keys(COLOURS);
  const parts = names.flatMap((story, i) => {
    const found = brokers.flatMap(
      (broker) =>
        largest(all, (one) => one.client === "light" && one.broker === broker && one.story === story) ?? [],
    );
    return found.length ? panel(story, found, 50 + (i % 2) * 430, 70 + Math.floor(i / 2) * 290) : [];
  });
  return page(WIDTH, 60 + Math.ceil(names.length / 2) * 290, [
    legend(
      50,
      24,
      brokers.map((name) => ({ name, colour: COLOURS[name]! })),
    ),
    ...parts,
  ]);
}

/** A story: which share of the boards is up, and which share tries to connect each second. */
function panel(story: string, found: Result[], x: number, y: number): string[] {
  const seconds = Math.max(...found.map(({ series }) => series.up.length), 10);
  const lines = (pick: (result: Result) => number[]) =>
    found.map((result): Line => {
      const points = pick(result).map((n, at): [number, number] => [at, (100 * n) / result.boards]);
      return { name: result.broker, colour: COLOURS[result.broker]!, points };
    });
  const tries = lines(({ series }) => series.attempts);
  const most = Math.max(1, ...tries.flatMap(({ points }) => points.map(([, n]) => n)));
  const size = { x, width: 360, height: 90 };
  return [
    plot(
      { ...size, y, title: story, most: [seconds, 100], says: ["", "% of the boards up"] },
      lines(({ series }) => series.up),
    ),
    plot(
      {
        ...size,
        y: y + 130,
        title: "",
        most: [seconds, Math.ceil(most)],
        says: ["seconds", "% that connect, each second"],
      },
      tries,
    ),
  ];
}
