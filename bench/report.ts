// Makes the table and the picture from the JSON of `npm run bench:engine`. It measures nothing.

import { readFileSync } from "node:fs";

export const RESULTS = "bench/results/engine.json";
/** Payloads that are measured, in bytes. */
export const SIZES = [20, 200, 1000];

export interface EngineKind {
  version: string;
  /** Number of variables, and bytes of each. */
  total: number;
  blocksize: number;
  /** Whether the engine is built like a chip's. Only then absolute numbers of variables are meaningful. */
  chip: boolean;
  /** The unit of speed. */
  unit: string;
}

type BySize = { [size: number]: number };

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
  /** Writes to the socket for each message. */
  writes?: number;
  /** Smallest memory that is enough for messages of so many bytes. */
  smallest?: BySize;
  /** Cost of one message. */
  publish?: BySize;
  receive?: BySize;
}

export function results(): { engine: EngineKind; rows: Measured[] } {
  return JSON.parse(readFileSync(RESULTS, "utf8"));
}

/** One line of the table: its title, and its number. */
type Line = [title: string, number: (row: Measured) => number | undefined];

const LINES: Line[] = [
  ["JsVars connected, one subscription, from flash", (row) => row.flash],
  ["- from RAM", (row) => row.ram],
  ["JsVars at most, 200 bytes out and in", (row) => row.peak],
  ["JsVars of garbage a reconnect", (row) => row.garbage],
  ["smallest memory for 200 bytes, JsVars", (row) => row.smallest?.[200]],
  ["smallest memory for 1000 bytes, JsVars", (row) => row.smallest?.[1000]],
  ["writes a message", (row) => row.writes],
];

/** How many times less or more than the stock stack. */
function ratio(base: number | undefined, n: number | undefined): string {
  return base && n ? `${(base / n).toFixed(base / n < 10 ? 1 : 0)}x` : "-";
}

function speed(n: number, unit: string): string {
  return unit === "instructions" ? `${(n / 1e6).toFixed(2)} M` : `${(n / 1e6).toFixed(2)} ms`;
}

/** The table, as Markdown. For an engine that is not built like a chip's it shows memory only as ratios. */
export function report(): string {
  const { engine, rows } = results();
  const first = rows[0]!;
  const table = [["", ...rows.map(({ name }) => name)], rows.map(() => "---")];
  table[1]!.unshift("---");
  for (const [title, number] of LINES) {
    const absolute = engine.chip || /writes|garbage/.test(title);
    table.push([
      title,
      ...rows.map((row) => (absolute ? `${number(row) ?? "-"}` : ratio(number(first), number(row)))),
    ]);
  }
  for (const way of ["publish", "receive"] as const) {
    for (const size of SIZES) {
      const cell = (row: Measured) => {
        const n = row[way]?.[size];
        if (!n) return "-";
        const less = row === first ? "" : ` (${ratio(first[way]?.[size], n)})`;
        return engine.chip ? speed(n, engine.unit) + less : less || "1x";
      };
      table.push([`${way} ${size} bytes, QoS 0`, ...rows.map(cell)]);
    }
  }
  const about = `Espruino ${engine.version}, ${engine.total} variables of ${engine.blocksize} bytes${
    engine.chip ? "" : " (not a chip's: ratios only)"
  }; speed in ${engine.unit}, code in RAM.`;
  return `${table.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n\n${about}`;
}
