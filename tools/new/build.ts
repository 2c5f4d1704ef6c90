// The command `build`: makes a bundle of an application of the user's own, which is in a file of the user's project. The
// compiler and the bundler are libraries of the user's project, see optional.ts.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { checked, HELP, helpOf, readWords } from "../../build/command-line.ts";
import { BuildError, messageOf } from "../../build/failure.ts";
import { checkWhich, WHICH } from "../../build/options.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { optional } from "../optional.ts";
import { onlyOne, usage } from "../options.ts";
import { ROOT, userPath } from "../paths.ts";

const { app: _, ...BUILDS } = WHICH;
const OPTIONS = {
  ...BUILDS,
  name: { value: "NAME", says: "name that the file exports, default that of the file" },
  out: { value: "FILE", says: "file of the bundle, default dist/NAME.js" },
  ...HELP,
} as const;

export const BUILD_APPLICATION_USAGE = `npx espruino-mqtt-ws build FILE [options]

Builds an application of your own, FILE in TypeScript, with the firmware around it. Then "start --bundle" runs it on the
virtual board, and "flash --bundle" puts it on a board.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText()}`;

export async function buildApplication(args: string[]): Promise<number> {
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(BUILD_APPLICATION_USAGE);
    return 0;
  }
  const file = onlyOne(positionals, "application");
  if (file === undefined)
    throw new Failure("usage", "the application's file is missing", "write: build FILE");
  const app = values.name ?? basename(file).replace(/\.ts$/, "");
  usage(() => checkWhich({ ...values, app: "own" }));
  usage(() => checked("name", app, /^[A-Za-z_$][\w$]*$/, "a name that a file of TypeScript can export"));
  const path = userPath(file);
  if (!existsSync(path)) throw new Failure("file", `${file} cannot be read`);
  const code = await built(path, app, values);
  const out = values.out ?? `dist/${app}.js`;
  try {
    mkdirSync(dirname(userPath(out)), { recursive: true });
    writeFileSync(userPath(out), code, "latin1");
  } catch {
    throw new Failure("file", `${out} cannot be written`);
  }
  console.log(`${out}: ${code.length.toLocaleString("en")} bytes`);
  return 0;
}

async function built(
  path: string,
  app: string,
  { profile, transport }: { profile: string; transport: string },
): Promise<string> {
  const { buildApp } = await optional(() => import("../../build/application.ts"), "building an application");
  const file = relative(ROOT, path).replaceAll("\\", "/").replace(/\.ts$/, "");
  const start = { app, file, start: app, profile, transport: transport as "ws" | "lean" };
  try {
    return (await buildApp(start)).code;
  } catch (error) {
    const isFault = error instanceof BuildError || (error as Error).cause instanceof BuildError;
    if (!isFault) throw error;
    throw new Failure(
      "build",
      `${app} cannot be built:\n${messageOf(error)}\n`,
      "correct that and run again",
    );
  }
}
