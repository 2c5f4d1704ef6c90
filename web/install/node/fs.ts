// `node:fs` in the page: the files of the repository that the build has put in (build/web/install-files.ts).
import { FILES } from "virtual:files";

const ROOT = "/repo/";

export function readFileSync(file: string | URL, encoding?: string): string | Buffer {
  const path = typeof file === "string" ? file : file.pathname;
  const text = FILES[path.slice(ROOT.length)];
  if (text === undefined) throw Object.assign(new Error(`there is no ${path}`), { code: "ENOENT" });
  return encoding ? text : Buffer.from(text);
}

export function existsSync(file: string): boolean {
  return Object.keys(FILES).some((name) => name.startsWith(file.slice(ROOT.length)));
}
