// Prints the steps of an upload for --dry-run. Opens no port, and shows file names only, no secret.

import { relative } from "node:path";
import { bundleFile } from "../firmware.ts";
import { BAUD } from "../limits.ts";
import type { FlashOptions } from "../options.ts";
import { ownFileSays, ROOT } from "../paths.ts";
import { esptoolCalls, findEsptool } from "./esptool.ts";
import { STORAGE_ADDRESS } from "./image.ts";

/** @param configured whether the configuration is there; if so, it is judged already */
export function plan(options: FlashOptions, port: string, configured: boolean): string {
  const steps = [
    ...prepare(options, configured),
    ...(options.image === undefined
      ? [...espruino(options, port), ...board(options, port)]
      : image(options.image)),
  ];
  return `Would do, in this order:\n${steps.map(([what, how]) => `  ${what.padEnd(9)} ${how}\n`).join("")}`;
}

type Step = [what: string, how: string];

function prepare(options: FlashOptions, configured: boolean): Step[] {
  const bundle = shown(bundleFile(options));
  const config = options.config ?? ownFileSays("config.json");
  const steps: Step[] = [
    configured
      ? ["check", `${config}, by the firmware's own rules`]
      : ["ask", `for ${config}, which is not there: three questions at a terminal`],
  ];
  if (options.bundle === undefined)
    steps.unshift(["build", `${bundle}, if something that it is made of has changed`]);
  if (options.transport === "ws")
    steps.push(["module", options.ws ?? "ws, from the cache, or once by Espruino's tools"]);
  return steps;
}

function espruino(options: FlashOptions, port: string): Step[] {
  if (options.firmware === undefined) return [];
  const tool = findEsptool() ?? { command: ["esptool"], major: 5 };
  return esptoolCalls(tool, port, options.firmware, options.erase).map((call) => ["run", call.join(" ")]);
}

function board(options: FlashOptions, port: string): Step[] {
  const steps: Step[] = [["open", `${port} at ${BAUD} baud, without resetting the board`]];
  if (options.noBle) steps.push(["bluetooth", "off; this erases the saved program and restarts the board"]);
  steps.push(["stop", "the program that runs; the engine feeds the watchdog that it has armed"]);
  if (options.erase && options.firmware === undefined) steps.push(["erase", "all files in Storage"]);
  steps.push(["send", `${files(options)}, beside the old files, each verified by its CRC`]);
  steps.push([
    "point",
    "at the new program: the board tries it, and goes back to the old one if it does not start",
  ]);
  steps.push(["restart", options.noMonitor ? "and wait until the link is up" : "and show the log"]);
  return steps;
}

function image(file: string): Step[] {
  return [["write", `${file}, for esptool write-flash 0x${STORAGE_ADDRESS.toString(16)} ${file}`]];
}

function files(options: FlashOptions): string {
  const ws = options.transport === "ws" ? "ws, " : "";
  const bundle = shown(bundleFile(options));
  return `${ws}config.json, ${bundle}, .bootcde = dist/loader.js`;
}

function shown(file: string): string {
  const inside = relative(ROOT, file);
  return inside.startsWith("..") ? file : inside.replaceAll("\\", "/");
}
