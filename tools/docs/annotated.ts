// A table that is half generated: a program knows the rows and their facts, a person writes the last cell of each row into
// the page. The order of the rows is the person's, too; new rows come last.

import { cellsOf, table } from "./blocks.ts";

/** The last cell of a row until a person has written it. */
export const UNWRITTEN = "(not written yet)";

/**
 * @param old the table as it stands in the page
 * @param rows facts, of which the first is the row's name
 */
export function annotated(old: string, head: string[], rows: string[][]): string {
  const words = new Map(cellsOf(old).map((cells) => [cells[0]!, cells[cells.length - 1]!]));
  const order = [...words.keys()];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted = [...rows].sort((a, b) => place(a[0]!) - place(b[0]!));
  return table([head, ...sorted.map((row) => [...row, words.get(row[0]!) ?? UNWRITTEN])]);
}
