// The firmware's bundle: which file, building it where its sources have changed, which modules it wants. Knows no board.

import { join, relative } from "node:path";
import { type Program, programOf } from "../board/virtual/program.ts";
import { BUNDLES, nameOf } from "../build/bundles.ts";
import { ensureBundle } from "../build/ensure.ts";
import { BuildError, messageOf } from "../build/failure.ts";
import { Failure, type Kind } from "./failures.ts";
import { ROOT } from "./paths.ts";

export interface Choice {
  app: string;
  profile: string;
  transport: string;
  /** A bundle of the user's own making; nothing is built then. */
  bundle?: string;
}

/** dist/<app>[-<profile>][-lean].js, or the user's own. */
export function bundleFile(choice: Choice): string {
  return choice.bundle ?? join(ROOT, "dist", `${nameOf(choice)}.js`);
}

/** The bundle's files. It is built again if a file it is made of has changed; `say` announces that. */
export async function readBundle(choice: Choice, say: (text: string) => void): Promise<Program> {
  if (choice.bundle === undefined) {
    checkChoice(choice);
    await build(nameOf(choice), say);
  }
  const file = bundleFile(choice);
  try {
    return programOf(file);
  } catch (error) {
    const { path = file } = error as NodeJS.ErrnoException;
    throw new Failure(
      "build",
      `there is no ${relative(process.cwd(), path)}`,
      "build it with npm run build, or name another with --bundle",
    );
  }
}

/** A combination that has no row in the table is refused before anything is built. */
export function checkChoice(choice: Choice, kind: Kind = "build"): void {
  const names = BUNDLES.map(nameOf);
  const name = nameOf(choice);
  if (names.includes(name)) return;
  throw new Failure(
    kind,
    `There is no dist/${name}.js`,
    `choose ${names.sort().join(", ")} by --app, --profile and --transport`,
  );
}

async function build(name: string, say: (text: string) => void): Promise<void> {
  try {
    await ensureBundle(name, say);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Failure(
      "build",
      `dist/${name}.js cannot be built:\n${messageOf(error)}\n`,
      "correct that and run again",
    );
  }
}

function isFault(error: unknown): boolean {
  return error instanceof BuildError || (error as Error).cause instanceof BuildError;
}

/** Names of the modules that some code asks for. */
export function modulesIn(...files: string[]): string[] {
  const code = files.join("\n");
  return [...new Set([...code.matchAll(/\brequire\((["'])([\w-]+)\1\)/g)].map((found) => found[2]!))];
}
