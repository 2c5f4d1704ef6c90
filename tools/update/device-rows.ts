// What boards say about updates, as rows of a table. Their words are shown, never obeyed.

import { MAX_SHOWN } from "./limits.ts";

export const HEAD = ["board", "state", "installed", "offered", "why"];

/** The id in a topic <base>/<id>/update; undefined if it is another topic. */
export function deviceOf(base: string, topic: string): string | undefined {
  const words = topic.slice(base.length + 1).split("/");
  // <base>/update/update would be a channel's manifest.
  return words.length === 2 && words[1] === "update" && words[0] !== "update" ? shown(words[0]!) : undefined;
}

export function rowOf(id: string, payload: Buffer): string[] {
  const status = parsed(payload);
  if (!status)
    return [id, "?", "", "", payload.length ? "what it says is no JSON" : "it says nothing any more"];
  const {
    state,
    why,
    update_percentage: percent,
    installed_version,
    latest_version,
    refused_version,
  } = status;
  const progress = state === "loading" && typeof percent === "number" ? `loading ${percent} %` : state;
  const offered = refused_version ?? latest_version;
  return [id, ...[progress, installed_version, offered, why].map((value) => shown(value ?? ""))];
}

/** Rows below each other, with a head. */
export function tableOf(rows: string[][]): string {
  const all = [HEAD, ...rows.sort(([a], [b]) => (a! < b! ? -1 : 1))];
  const widths = HEAD.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function parsed(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(payload.toString());
    return typeof value === "object" && value ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A text of a board without what a terminal would obey. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, MAX_SHOWN).replace(/\p{C}/gu, ".");
}
