// The command line of `npm run fleet`.
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { checked, HELP, helpOf, readWords, UsageError } from "../../build/command-line.ts";
import { ejabberdModules } from "../../test/brokers/ejabberd.ts";
import { installed } from "../../testing/mosquitto.ts";
import { rabbitScript } from "./brokers/rabbitmq.ts";
import { RESULTS } from "./report.ts";
import { STORIES, unfit } from "./stories.ts";

/** The brokers: their nodes, and what must be installed for them, by the names of Debian's packages. */
export const BROKERS = {
  mosquitto: { nodes: 1, packages: ["mosquitto"] },
  rabbitmq: { nodes: 3, packages: ["rabbitmq-server", "haproxy"] },
  ejabberd: { nodes: 3, packages: ["ejabberd", "haproxy"] },
} as const;
export type BrokerName = keyof typeof BROKERS;

const MOST_BOARDS = 10_000;
const OPTIONS = {
  story: { value: "NAME", default: "all", says: "one of the stories below, or all of them" },
  boards: { value: "N", default: "500", says: "how many boards, default 500, at most 10000" },
  broker: {
    value: "NAME",
    default: "mosquitto",
    says: "mosquitto (default, one node), rabbitmq or ejabberd (three nodes, HAProxy in front)",
  },
  client: {
    value: "NAME",
    default: "ours",
    says: "ours (default), or mqttjs: the same fleet with MQTT.js, which tries once a second",
  },
  bundle: { says: "virtual boards that run the built bundle, instead of light ones that run src/" },
  every: {
    value: "S",
    default: "10",
    says: "seconds between two messages of a board at each QoS, and two commands to it, default 10",
  },
  away: { value: "S", default: "0", says: "how long what is taken away stays away, default 0 s" },
  calm: {
    value: "S",
    default: "65",
    says: "calm before each story, default 65 s: after a minute up a board's back-off begins again",
  },
  workers: { value: "N", says: "processes that the boards share, default 2 for each core" },
  results: { value: "DIR", says: "where the data go, default bench/fleet/results" },
  pictures: { says: "no run: draw the pictures of docs/fleet.md from the results" },
  ...HELP,
} as const;

export const FLEET_USAGE = `npm run fleet -- [options]

Many boards, a broker, and something that goes wrong: how the boards come back, and what is lost. Everything runs on this
machine, on addresses that begin with 127.

${helpOf(OPTIONS)}
Stories:
${Object.entries(STORIES)
  .map(([name, { says }]) => `  ${name.padEnd(19)}${says.replace(/`/g, "")}\n`)
  .join("")}
The figures are printed, and written as data. The last line has the peak of connects over their mean.
`;

export interface FleetOptions {
  help: boolean;
  pictures: boolean;
  stories: string[];
  broker: BrokerName;
  boards: number;
  kind: "light" | "bundle" | "mqttjs";
  everyS: number;
  awayS: number;
  calmS: number;
  workers: number;
  results: string;
}

/** Throws a {@link UsageError} on a wrong command line. */
export function fleetOptions(args: string[]): FleetOptions {
  const { values } = readWords(args, OPTIONS);
  const broker = oneOf("broker", values.broker, Object.keys(BROKERS)) as BrokerName;
  const client = oneOf("client", values.client, ["ours", "mqttjs"]);
  const story = oneOf("story", values.story, [...Object.keys(STORIES), "all"]);
  if (values.bundle && client === "mqttjs")
    throw new UsageError("--bundle and --client mqttjs do not go together");
  return {
    help: values.help,
    pictures: values.pictures,
    stories: storiesOf(story, broker),
    broker,
    boards: number("boards", values.boards, 1, MOST_BOARDS),
    kind: values.bundle ? "bundle" : client === "mqttjs" ? "mqttjs" : "light",
    everyS: number("every", values.every, 1, 3600),
    awayS: number("away", values.away, 0, 600),
    calmS: number("calm", values.calm, 0, 600),
    workers: number("workers", values.workers ?? `${2 * cpus().length}`, 1, 64),
    results: values.results ?? RESULTS,
  };
}

function storiesOf(story: string, broker: BrokerName): string[] {
  const { nodes } = BROKERS[broker];
  const why = (name: string) => unfit(name, { name: broker, nodes, balancer: nodes > 1 });
  if (story === "all") return Object.keys(STORIES).filter((name) => !why(name));
  if (why(story)) throw new UsageError(`--story ${story}: ${why(story)}`);
  return [story];
}

function oneOf(name: string, value: string, all: string[]): string {
  if (all.includes(value)) return value;
  throw new UsageError(`--${name}: expected ${all.join(", ")}, got "${value}"`);
}

function number(name: string, text: string, least: number, most: number): number {
  const expected = `a whole number from ${least} to ${most}`;
  const value = Number(checked(name, text, /^\d{1,6}$/, expected));
  if (value < least || value > most) throw new UsageError(`--${name}: expected ${expected}, got "${text}"`);
  return value;
}

/** Why this broker cannot be started here, in one sentence, or "". */
export function lacking(broker: BrokerName): string {
  const here: Record<string, boolean> = {
    mosquitto: installed("mosquitto") || existsSync("/usr/sbin/mosquitto"),
    "rabbitmq-server": rabbitScript() !== undefined,
    ejabberd: ejabberdModules() !== undefined,
    haproxy: existsSync("/usr/sbin/haproxy") || installed("haproxy"),
  };
  const missing = BROKERS[broker].packages.filter((name) => !here[name]);
  return missing.length ? `${missing.join(" and ")} not installed: apt-get install ${missing.join(" ")}` : "";
}
