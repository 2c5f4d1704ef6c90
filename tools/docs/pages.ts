// The pages of the docs as tests read them: their fences, headings, links. Knows no page by name but those at the top.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";

export interface Fence {
  page: string;
  line: number;
  language: string;
  text: string;
}

const TOP = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "AGENTS.md"];

/** Every page, as paths from the root. */
export function pages(): string[] {
  const docs = readdirSync("docs").filter((name) => name.endsWith(".md"));
  return [...TOP, ...docs.sort().map((name) => join("docs", name))];
}

/** The blocks between three backticks. */
export function fences(page: string): Fence[] {
  const found: Fence[] = [];
  let open: Fence | undefined;
  for (const [i, line] of readFileSync(page, "utf8").split("\n").entries()) {
    const mark = /^( *)```(\w*)/.exec(line);
    if (!mark && open) open.text += `${line}\n`;
    else if (mark && open) {
      found.push(open);
      open = undefined;
    } else if (mark) open = { page, line: i + 1, language: mark[2]!, text: "" };
  }
  if (open) throw new Error(`${page}:${open.line}: a fence without an end`);
  return found;
}

/** The commands of a shell fence: one a line, those that end in a backslash go on. */
export function commandsIn({ text }: Fence): string[] {
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** A page without its fences and without code in its lines. */
export function prose(page: string): string {
  return readFileSync(page, "utf8")
    .replace(/^( *)```[\s\S]*?^\1```/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

/** What a heading's link is called, on GitHub and on our site. */
export function slug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replace(/ /g, "-");
}

/** The names of a page's headings, as links have them. */
export function anchors(page: string): Set<string> {
  const text = readFileSync(page, "utf8").replace(/^( *)```[\s\S]*?^\1```/gm, "");
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading!)));
}
