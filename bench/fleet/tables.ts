// The tables of docs/fleet.md, made of the results.
import { table } from "../../tools/docs/blocks.ts";
import type { Pair } from "./accounts.ts";
import { type Result, ratioOf } from "./figures.ts";
import { BROKERS } from "./options.ts";
import { largest, pairOf } from "./pictures.ts";
import { results } from "./report.ts";
import { STORIES } from "./stories.ts";

const NAMES: Record<Result["client"], string> = {
  light: "this firmware, light boards",
  bundle: "this firmware, virtual boards with the bundle",
  mqttjs: "MQTT.js",
};

/** The restart of the broker: this firmware beside MQTT.js. */
export function restartTable(): string {
  const pair = pairOf(results());
  const shown = pair ? [pair.ours, pair.theirs] : [];
  return table([
    ["", "boards", "peak, connects/s", "peak / mean", "50 % up", "95 % up", "all up", "attempts/minute"],
    ...shown.map((result) => [
      NAMES[result.client],
      whole(result.boards),
      result.curve.peak.toFixed(0),
      ratioOf(result.curve).toFixed(2),
      ...times(result),
      `${result.mostAttempts}`,
    ]),
  ]);
}

/** Every story at every broker, the largest run of each. */
export function storyTable(): string {
  return table([
    [
      "story",
      "broker",
      "boards",
      "peak, connects/s",
      "50 % up",
      "95 % up",
      "all up",
      "attempts/minute",
      "nodes",
    ],
    ...told().map((result) => [
      `\`${result.story}\``,
      result.broker,
      whole(result.boards),
      result.curve.peak.toFixed(0),
      ...times(result),
      `${result.mostAttempts}`,
      Object.values(result.load ?? {}).join(" / ") || "-",
    ]),
  ]);
}

/** What was lost, and what came twice. */
export function lossTable(): string {
  return table([
    [
      "story",
      "broker",
      "messages",
      "lost by us",
      "lost by the broker",
      "twice at QoS 2 by us, the broker",
      "commands",
      "lost by us",
      "lost by the broker",
      "twice at QoS 2 by us, the broker",
    ],
    ...told().map(({ story, broker, accounts }) => [
      `\`${story}\``,
      broker,
      ...[accounts.messages, accounts.commands].flatMap(({ sent, lost, doubled }) => [
        pair(sent),
        pair(lost.ours),
        pair(lost.broker),
        broker === "rabbitmq" ? "-" : `${doubled.ours}, ${doubled.broker}`,
      ]),
    ]),
  ]);
}

/** What a board costs on the PC. */
export function costTable(): string {
  const all = results();
  const kinds = (["light", "bundle", "mqttjs"] as const).flatMap((kind) => {
    const found = largest(all, ({ client }) => client === kind);
    return found ? [found] : [];
  });
  return table([
    ["boards", "run", "memory of one", "CPU of one"],
    ...kinds.map((result) => [
      NAMES[result.client],
      `\`${result.story}\` at ${result.broker}, ${whole(result.boards)} boards, a message at each QoS every ${result.everyS} s`,
      `${whole(result.cost.kb)} KB`,
      `${result.cost.core} thousandths of a core`,
    ]),
  ]);
}

/** The largest run of each story with light boards, by broker. */
function told(): Result[] {
  const all = results();
  return Object.keys(STORIES).flatMap((story) =>
    Object.keys(BROKERS).flatMap(
      (broker) =>
        largest(all, (one) => one.client === "light" && one.story === story && one.broker === broker) ?? [],
    ),
  );
}

function times({ curve: { until } }: Result): string[] {
  return ([50, 95, 100] as const).map((share) =>
    until[share] === undefined ? "never" : `${until[share]} s`,
  );
}

function pair([one, two]: Pair): string {
  return `${whole(one)}, ${whole(two)}`;
}

function whole(n: number): string {
  return n.toLocaleString("en");
}
