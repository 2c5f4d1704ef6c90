// The monitor's screen in a page: lines of the log, notes, the state in a line.

import { type Entry, readLine } from "../../tools/monitor/log-line.ts";
import type { Screen } from "../../tools/monitor/watch.ts";

/** Lines that are kept. */
export const MAX_LINES = 2_000;

export interface Line {
  at: Date;
  /** step: of the tool; note: of the monitor; 1 to 4: of the board, by level; other: of its console. */
  kind: "step" | "note" | "wrong" | "1" | "2" | "3" | "4" | "other";
  text: string;
}

export interface Lines {
  lines: Line[];
  status: string;
  changed(): void;
}

export function addLine(to: Lines, kind: Line["kind"], text: string): void {
  to.lines.push({ at: new Date(), kind, text });
  if (to.lines.length > MAX_LINES) to.lines.splice(0, to.lines.length - MAX_LINES);
  to.changed();
}

export function pageScreen(to: Lines): Screen {
  return {
    hasStatus: true,
    entry: (entry: Entry) => addLine(to, kindOf(entry), entry.line),
    note: (text) => addLine(to, "note", text),
    status: (text) => {
      to.status = text;
      to.changed();
    },
    close: () => {},
  };
}

function kindOf(entry: Entry): Line["kind"] {
  const { log } = entry.log ? entry : readLine(entry.line, entry.time);
  return log ? (String(log.level) as Line["kind"]) : "other";
}
