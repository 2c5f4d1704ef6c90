// The files that a test puts into a board's Storage: program, modules, configuration.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BOOT_CODE, programIn } from "../board/virtual/program.ts";
import { ROOT } from "../build/root.ts";
import { PARTS_END } from "../src/program/file.ts";
import type { ProgramOptions } from "./kit.ts";

/** Builds of the module by the words of a test. */
const BUILDS: Record<string, string> = {
  stock: "mqtt-ws",
  lean: "mqtt-ws-lean",
  tiny: "mqtt-ws-tiny",
  "tiny-lean": "mqtt-ws-tiny-lean",
  v5: "mqtt-ws-v5",
  "v5-lean": "mqtt-ws-v5-lean",
};
/** Longer names are cut by the engine. */
const MAX_NAME = 28;

/** Files by name, as byte strings. */
export function filesOf(options: ProgramOptions): Record<string, string> {
  const { modules = {}, config, files = {} } = options;
  const all: Record<string, string> = { ...programFiles(options) };
  for (const [name, which] of Object.entries(modules)) all[name] = moduleText(name, which);
  if (config !== undefined) all["config.json"] = bytesOf(JSON.stringify(config));
  for (const [name, content] of Object.entries(files)) all[name] = bytesOf(content);
  const long = Object.keys(all).find((name) => name.length > MAX_NAME);
  if (long) throw new TypeError(`files: expected names of at most ${MAX_NAME} characters, got ${long}`);
  return all;
}

/** Text in UTF-8, or bytes, as a byte string. */
export function bytesOf(content: string | Uint8Array): string {
  return Buffer.from(content as Uint8Array).toString("latin1");
}

function programFiles({ program, code }: ProgramOptions): Record<string, string> {
  if ((program === undefined) === (code === undefined))
    throw new TypeError("expected either program, a path, or code, its text");
  const text = program === undefined ? bytesOf(code!) : fileText("program", program);
  // A bundle reads its parts from its own file, so it needs its loader.
  return text.endsWith(PARTS_END) ? programIn({ code: text }) : { [BOOT_CODE]: text };
}

function moduleText(name: string, which: string): string {
  if (which.endsWith(".js")) return fileText(`modules.${name}`, which);
  const build = BUILDS[which];
  if (!build)
    throw new TypeError(
      `modules.${name}: expected ${Object.keys(BUILDS).join(", ")} or a path that ends in .js, got ${which}`,
    );
  return fileText(`modules.${name}`, join(ROOT, "dist", `${build}.js`));
}

function fileText(key: string, file: string): string {
  if (!existsSync(file)) throw new Error(`${key}: there is no file ${file}`);
  return readFileSync(file, "latin1");
}
