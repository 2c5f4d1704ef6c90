// The firmware's bundle: which file, building it where its sources have changed, which modules it wants. Knows no board.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BOOT_CODE, type Program, programOf } from "../board/virtual/program.ts";
import { BUNDLES, type Bundle, LOADER, MODULE, nameOf } from "../build/bundles.ts";
import { ensureBundle } from "../build/ensure.ts";
import { BuildError, messageOf } from "../build/failure.ts";
import { Failure, type Kind } from "./failures.ts";
import { ROOT, userPath } from "./paths.ts";

/** About the length of Espruino's ws module, in bytes. */
const MODULE_BYTES = 8_600;

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
    await buildBundle(nameOf(choice), say);
  } else await buildBundle(LOADER.app, say);
  const file = bundleFile(choice);
  try {
    return programOf(file);
  } catch (error) {
    const { path = file } = error as NodeJS.ErrnoException;
    throw new Failure(
      "build",
      `there is no ${relative(process.cwd(), path)}`,
      "name another with --bundle; in a clone build it with npm run build",
    );
  }
}

/** A board's files for a user's own program, which is saved to flash, and the module that it requires. */
export async function moduleProgram(
  file: string,
  build: string,
  say: (text: string) => void,
): Promise<Program> {
  const name = build === "stock" ? MODULE : `${MODULE}-${build}`;
  await buildBundle(name, say);
  const module = readFileSync(join(ROOT, "dist", `${name}.js`), "latin1");
  try {
    return { [BOOT_CODE]: readFileSync(userPath(file), "latin1"), [MODULE]: module };
  } catch {
    throw new Failure("file", `${file} cannot be read`);
  }
}

/** Whether the table has a row for this choice. */
export function isBundle({ app, profile, transport }: Choice): boolean {
  return BUNDLES.some((row) => row.app === app && row.profile === profile && row.transport === transport);
}

/** Refuses a name that is no application, and a combination that has no row in the table, before anything is built. */
export function checkChoice(choice: Choice, kind: Kind = "build"): void {
  const { app } = choice;
  const apps = [...new Set(BUNDLES.map((row) => row.app))].filter((name) => name !== MODULE).sort();
  if (app === MODULE)
    throw new Failure(
      kind,
      `${MODULE} is a module for programs of your own, no application`,
      `choose ${apps.join(", ")} by --app; docs/module.md shows how a program uses it`,
    );
  if (!apps.includes(app))
    throw new Failure(kind, `there is no application ${app}`, `choose ${apps.join(", ")} by --app`);
  if (isBundle(choice)) return;
  const builds = BUNDLES.filter((row) => row.app === app);
  throw new Failure(
    kind,
    `${app} has no build with --profile ${choice.profile} --transport ${choice.transport}`,
    `choose ${builds.map((row) => `--profile ${row.profile} --transport ${row.transport}`).join(" or ")}`,
  );
}

/** Options that make this choice smaller, as advice; "" if there is no smaller build of the application. */
export function smallerBuild(choice: Choice): string {
  if (choice.bundle !== undefined) return "";
  const own = BUNDLES.find((row) => nameOf(row) === nameOf(choice));
  const smaller = BUNDLES.filter((row) => row.app === choice.app && own && weightOf(row) < weightOf(own));
  const profiles = smaller.filter((row) => row.transport === choice.transport).map(({ profile }) => profile);
  const transports = smaller
    .filter((row) => row.profile === choice.profile)
    .map(({ transport }) => transport);
  const options = [
    ...profiles.map((name) => `--profile ${name}`),
    ...transports.filter((name) => name !== choice.transport).map((name) => `--transport ${name}`),
  ];
  return options.length ? `choose ${options.join(" or ")}` : "";
}

/** What to do on a board without crypto, which the ws module needs. Other handshakes and applications do without it. */
export function withoutCrypto(choice: Choice): string {
  return choice.bundle === undefined && isBundle({ ...choice, transport: "lean" })
    ? "choose the build that does without: --transport lean"
    : "write an Espruino that has it, with --firmware DIR";
}

/** Bytes of Storage that a build may take, with the ws module where it needs that. */
function weightOf({ boot, parts, transport }: Bundle): number {
  return boot + parts + (transport === "ws" ? MODULE_BYTES : 0);
}

async function buildBundle(name: string, say: (text: string) => void): Promise<void> {
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
