// `node:fs` in the page: the files of the repository that the build has put in (build/web/install-files.ts).
import { FILES } from "virtual:files";

const ROOT = "/repo/";

export function readFileSync(file: string | URL, encoding?: string): string | Buffer {
  const path = typeof file === "string" ? file : file.pathname;
  const text = FILES[path.slice(ROOT.length)];
  if (text === undefined) throw Object.assign(new Error(`there is no ${path}`), { code: "ENOENT" });
  return encoding ? text : Buffer.from(text);
}

/** Where the tools ask, they ask whether this is a clone of the repository: the page plays one. */
export function existsSync(file: string): boolean {
  return file.startsWith(ROOT);
}
