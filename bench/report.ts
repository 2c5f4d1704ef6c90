// Makes the tables from the JSON of `npm run bench:engine`. It measures nothing.

import { readFileSync } from "node:fs";
import { jobName, SPEED_JOBS } from "./jobs.ts";

export const RESULTS = "bench/results/engine.json";

export interface EngineKind {
  version: string;
  /** Number of variables, and bytes of each. */
  total: number;
  blocksize: number;
  /** Whether the engine is built like a chip's. Only then absolute numbers of variables are meaningful. */
  chip: boolean;
  /** Whether it reads its Storage in place, as a chip does. Then speed is measured with the code there, else in RAM. */
  mapped: boolean;
}

/** What a message costs: instructions inside the handlers, bytes on the wire from the board and to it. */
export interface MessageCost {
  instructions: number;
  out: number;
  in: number;
}

/** Instructions of a command `pin/<name>/set`. */
export interface CommandCost {
  /** Until the pin is written. */
  toPin: number;
  /** Until its new state is published at QoS 1 and acknowledged as well. */
  all: number;
}

/** The numbers of a stack. A missing number was not measured, or cannot be measured. */
export interface Measured {
  name: string;
  /** Variables in use, connected with one subscription, code in flash and in RAM. */
  flash?: number;
  ram?: number;
  /** The maximum in use while messages of 200 bytes come and go, code in flash. */
  peak?: number;
  /** Variables left behind by each reconnect. */
  garbage?: number;
  /** Writes to the socket for each message of 20 bytes, at QoS 0, 1 and 2. */
  writes?: number[];
  /** Smallest memory that is enough for messages of so many bytes. */
  smallest?: { [size: number]: number };
  /** Cost of one message, by the name of the job. */
  speed?: { [job: string]: MessageCost };
}

export interface Results {
  engine: EngineKind;
  rows: Measured[];
  /** The device: JsVars connected with four pins, and a command at QoS 0. */
  device?: { jsVars: number; command?: CommandCost };
}

export function results(): Results {
  return JSON.parse(readFileSync(RESULTS, "utf8"));
}

/** One line of the table: its title, its number, and how it is shown. */
type Line = [title: string, number: (row: Measured) => number | string | undefined];

const MEMORY: Line[] = [
  ["JsVars connected, one subscription, from flash", (row) => row.flash],
  ["- from RAM", (row) => row.ram],
  ["JsVars at most, 200 bytes out and in", (row) => row.peak],
  ["JsVars of garbage a reconnect", (row) => row.garbage],
  ["smallest memory for 200 bytes, JsVars", (row) => row.smallest?.[200]],
  ["smallest memory for 1000 bytes, JsVars", (row) => row.smallest?.[1000]],
  ["writes a message, QoS 0, 1, 2", (row) => row.writes?.join(", ")],
];

/** Messages whose bytes on the wire have a line. */
const WIRE_SIZE = 20;

/** How many times less or more than the stock stack. */
export function ratio(base: number | undefined, n: number | undefined): string {
  return base && n ? `${(base / n).toFixed(base / n < 10 ? 1 : 0)}x` : "-";
}

export function millions(n: number): string {
  return `${(n / 1e6).toFixed(2)} M`;
}

/** The table, as Markdown. For an engine that is not built like a chip's it shows memory only as ratios. */
export function report(): string {
  const { engine, rows } = results();
  const first = rows[0]!;
  const table = [
    ["", ...rows.map(({ name }) => name)],
    ["---", ...rows.map(() => "---")],
  ];
  for (const [title, number] of MEMORY) {
    const absolute = engine.chip || /writes|garbage/.test(title);
    const cell = (row: Measured) =>
      absolute ? `${number(row) ?? "-"}` : ratio(number(first) as number, number(row) as number);
    table.push([title, ...rows.map(cell)]);
  }
  for (const job of SPEED_JOBS.filter(({ size, atOnce }) => size === WIRE_SIZE && !atOnce)) {
    const bytes = (row: Measured) => row.speed?.[jobName(job)];
    table.push([
      `bytes out + in, ${jobName(job)}`,
      ...rows.map((row) => (bytes(row) ? `${bytes(row)!.out} + ${bytes(row)!.in}` : "-")),
    ]);
  }
  for (const name of SPEED_JOBS.map(jobName)) {
    const base = first.speed?.[name]?.instructions;
    const cell = (row: Measured) => {
      const n = row.speed?.[name]?.instructions;
      if (n === undefined) return "-";
      return row === first || !base ? millions(n) : `${millions(n)} (${ratio(base, n)})`;
    };
    table.push([name, ...rows.map(cell)]);
  }
  const about = `Espruino ${engine.version}, ${engine.total} variables of ${engine.blocksize} bytes${
    engine.chip ? "" : " (not a chip's: ratios only)"
  }; speed in instructions inside the handlers, code in ${engine.mapped ? "flash" : "RAM"}.`;
  return `${table.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n\n${about}`;
}

/** Rows of README's table: title, and the number of a stack. */
const SHORT: Line[] = [
  ["JsVars connected", (row) => row.flash],
  ...[
    "publish 20 bytes, QoS 0",
    "publish 20 bytes, QoS 1",
    "receive 20 bytes, QoS 0",
    "receive 20 bytes, QoS 1",
  ].map(
    (name): Line => [
      `instructions, ${name}`,
      (row) => row.speed?.[name] && millions(row.speed[name]!.instructions),
    ],
  ),
  ["writes a message, QoS 0", (row) => row.writes?.[0]],
];
const SHORT_STACKS: [stack: string, title: string][] = [
  ["stock ws + MQTT", "Espruino's `ws` and `MQTT`"],
  ["ours, full, own handshake", "firmware, `full-lean`"],
  ["mqtt-ws module, own handshake", "module `mqtt-ws-lean`"],
];

/** Six rows of it, for README. */
export function shortReport(): string {
  const { rows } = results();
  const columns = SHORT_STACKS.map(([name]) => rows.find((row) => row.name === name)!);
  const table = [
    ["", ...SHORT_STACKS.map(([, title]) => title)],
    ["---", ...columns.map(() => "---")],
    ...SHORT.map(([title, number]) => [title, ...columns.map((row) => `${number(row) ?? "-"}`)]),
  ];
  return table.map((row) => `| ${row.join(" | ")} |`).join("\n");
}
