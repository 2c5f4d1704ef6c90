// esptool, which writes Espruino itself to the flash: how to find it, how its versions spell their commands, which file
// belongs at which offset of which chip.

import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failures.ts";
import { ESPTOOL_BAUD, ESPTOOL_MS, ESPTOOL_VERSION_MS } from "../limits.ts";
import { userPath } from "../paths.ts";
import { type Chip, placesOf } from "./espruino-files.ts";

export interface Esptool {
  command: string[];
  /** 4 or 5. From 5 on, commands are spelled with dashes. */
  major: number;
}

const COMMANDS = [["esptool"], ["esptool.py"], ["python3", "-m", "esptool"], ["python", "-m", "esptool"]];

/** The first esptool on the PATH that prints its version; undefined if there is none. */
export function findEsptool(): Esptool | undefined {
  for (const command of COMMANDS) {
    const options = { encoding: "utf8", timeout: ESPTOOL_VERSION_MS, killSignal: "SIGKILL" } as const;
    const { status, stdout } = spawnSync(command[0]!, [...command.slice(1), "version"], options);
    const major = status === 0 && /^(?:esptool(?:\.py)? )?v?(\d+)\.\d/m.exec(stdout)?.[1];
    if (major) return { command, major: Number(major) };
  }
  return undefined;
}

/** The commands that write Espruino from a folder, after erasing the whole flash if wanted. Throws on a bad folder. */
export function esptoolCalls(tool: Esptool, port: string, folder: string, erase: boolean): string[][] {
  const { chip, files } = readFolder(folder);
  const spell = (words: string) => (tool.major >= 5 ? words : words.replace(/(?<=\w)-(?=\w)/g, "_"));
  const common = [...tool.command, "--chip", chip.name, "--port", port, "--baud", String(ESPTOOL_BAUD)];
  const resets = ["--before", spell("default-reset"), "--after", spell("hard-reset")];
  const flash = ["flash-mode", "dio", "flash-freq", chip.flashFreq, "flash-size", "detect"];
  const options = flash.map((word, i) => (i % 2 ? word : `--${spell(word)}`));
  const write = [...common, ...resets, spell("write-flash"), ...options, ...files];
  return erase ? [[...common, ...resets, spell("erase-flash")], write] : [write];
}

/** The chip and the places of the files in a folder. */
function readFolder(folder: string): { chip: Chip; files: string[] } {
  let names: string[];
  try {
    names = readdirSync(userPath(folder)).sort();
  } catch {
    throw new Failure("file", `the folder ${folder} cannot be read`);
  }
  const { chip, places } = placesOf(names, folder);
  return {
    chip,
    files: places.flatMap(({ offset, name }) => [`0x${offset.toString(16)}`, join(folder, name)]),
  };
}

/** Runs one command and shows its output. */
export async function runEsptool(call: string[]): Promise<void> {
  const options = { stdio: "inherit", timeout: ESPTOOL_MS, killSignal: "SIGKILL" } as const;
  // In the user's folder: file names are relative to it.
  const child = spawn(call[0]!, call.slice(1), { ...options, cwd: userPath(".") });
  const code = await new Promise<number | string | null>((done) => {
    child.on("error", (error) => done(error.message));
    child.on("close", (status, signal) => done(status ?? signal));
  });
  if (code !== 0) throw new Failure("esptoolFailed", `esptool ended with ${code}`);
}
