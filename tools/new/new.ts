// The command `new`: a project of the user's own, made of the files of a template, with its test.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HELP, helpOf, readWords } from "../../build/command-line.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { onlyOne, usage } from "../options.ts";
import { ROOT, userPath } from "../paths.ts";

const OPTIONS = {
  app: { says: "an application in the firmware, in TypeScript, instead of a program on the module" },
  ...HELP,
} as const;

export const NEW_USAGE = `npx espruino-mqtt-ws new FOLDER [options]

Makes a project of your own in a new folder: a program in JavaScript that uses the module "mqtt-ws", its test on a virtual
board, and the commands to run it and to put it on a board.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText()}`;

export async function newProject(args: string[]): Promise<number> {
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(NEW_USAGE);
    return 0;
  }
  const folder = onlyOne(positionals, "project");
  if (folder === undefined) throw new Failure("usage", "the folder is missing", "write: new FOLDER");
  const name = basename(userPath(folder));
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    throw new Failure("usage", `"${name}" is no name for a package`, "take small letters, digits and -");
  if (existsSync(userPath(folder)) && readdirSync(userPath(folder)).length)
    throw new Failure("file", `${folder} is there and not empty`, "name a new folder");
  write(folder, values.app ? "application" : "program", name);
  console.log(`${folder} is ready. Next:\n  cd ${folder}\n  npm install\n  npm test\n  npm start`);
  return 0;
}

/** Writes the files of a template. */
function write(folder: string, template: string, name: string): void {
  const from = join(ROOT, "templates", template);
  const words: Record<string, string> = { NAME: name, ...versions() };
  const files = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, path, name: file } of files as unknown as Place[]) {
    const source = join(parentPath ?? path, file);
    const target = join(userPath(folder), source.slice(from.length).replace(/_gitignore$/, ".gitignore"));
    const text = readFileSync(source, "utf8").replace(/\{\{(\S+?)\}\}/g, (_, word) => words[word]!);
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    } catch {
      throw new Failure("file", `${target} cannot be written`);
    }
  }
}

/** The folder of a file has two names in the releases of Node 20. */
type Place = { name: string; parentPath?: string; path: string };

/** The version of this package, and those of the libraries that build it. */
function versions(): Record<string, string> {
  const { version, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return { VERSION: version, ...devDependencies };
}
