// The command `start`: reads its options, builds the firmware where it has changed, and runs it on a virtual board. The exit
// code says whether hello came back.
import type { Program } from "../../board/virtual/program.ts";
import { checkChoice, moduleProgram, readBundle } from "../firmware.ts";
import { userPath } from "../paths.ts";
import { readConfig } from "./config.ts";
import { readOptions, type StartOptions, USAGE } from "./options.ts";

export async function start(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const config = readConfig(options);
  const code = await programFor(options);
  // The broker and the board are large: a mistake in the options is reported before they are loaded.
  const { demo } = await import("./demo.ts");
  return demo(code, config, options);
}

/** The files of the board. A bundle is built first, which is announced, but not in the log of the board. */
async function programFor(options: StartOptions): Promise<Program> {
  const say = (text: string) => console.error(text);
  const { app, profile, transport, bundle, program } = options;
  if (program !== undefined) return moduleProgram(program, options.module, say);
  const choice = { app, profile, transport, ...(bundle !== undefined && { bundle: userPath(bundle) }) };
  if (bundle === undefined) checkChoice(choice, "usage");
  return readBundle(choice, say);
}
