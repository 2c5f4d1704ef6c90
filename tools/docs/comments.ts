// The comments of our sources, and what they refer to: files, names in {@link}, rules of docs/engine.md. Only reads.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";
import ts from "typescript";

/** Folders whose comments are looked at; files of ours at the top of the repository, too. */
const ROOMS = ["src", "board", "tools", "build", "test", "bench"];

export interface Source {
  file: string;
  /** The comments, each with the line that it begins in. */
  comments: { text: string; line: number }[];
  /** Every name that stands in the code. */
  names: Set<string>;
}

/** Our sources, by the folders that are there. */
export function sources(): Source[] {
  return filesIn(".")
    .filter((file) => /\.(ts|js|mjs|cjs)$/.test(file))
    .filter((file) => !file.includes("/") || ROOMS.includes(file.split("/")[0]!))
    .map(readSource);
}

/** Every file of the repository but what git ignores, as paths from its root. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : join(folder, entry.name);
    if (/^(node_modules|dist|coverage|\.git|cache)$/.test(entry.name)) return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  const comments: Source["comments"] = [];
  const names = new Set<string>();
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) note(range);
    for (const range of ts.getTrailingCommentRanges(text, node.getEnd()) ?? []) note(range);
    for (const child of node.getChildren(tree)) if (!ts.isJSDoc(child)) visit(child);
  };
  const note = ({ pos, end }: ts.CommentRange): void => {
    if (seen.has(pos)) return;
    seen.add(pos);
    const line = tree.getLineAndCharacterOfPosition(pos).line + 1;
    // A line of a long comment begins with what is no part of its words.
    comments.push({ text: text.slice(pos, end).replace(/\n\s*(\/\/|\*(?!\/))?/g, " "), line });
  };
  visit(tree);
  return { file, comments, names };
}
