// The command lines of flash.sh and of the monitor: words to checked options, or one sentence. Knows no board.

import { HELP, helpOf, readWords, UsageError, type Values } from "../build/command-line.ts";
import { checkWhich, WHICH } from "../build/options.ts";
import { Failure, outcomesAsText } from "./failures.ts";
import { ownFileSays } from "./paths.ts";

const WATCH = {
  level: {
    value: "0..4",
    default: "4",
    says: "hide lines above this level: 1 errors, 2 info, 3 debug, 4 bytes on the wire",
  },
  grep: { value: "PATTERN", says: "show only lines that match this regular expression" },
  decode: { says: "show the bytes on the wire (log level 4) as frames and packets, in words" },
  json: { says: "one JSON object a line" },
  log: { value: "FILE", says: "append every line to a file, whatever is shown" },
} as const;
/** Options that name the files of a firmware. */
export const CONFIGURATION = {
  bundle: { value: "FILE", says: "another bundle, of your own making" },
  config: { value: "FILE", says: `configuration, default ${ownFileSays("config.json")}` },
} as const;
/** Options for Espruino's module ws. */
export const MODULE = {
  ws: { value: "FILE", says: "the text of Espruino's ws module, instead of fetching it" },
  modules: { value: "URL", says: "where to fetch it, a URL or a folder; default Espruino's own place" },
  "accept-ws": { says: "take a ws module that is not the one trusted before" },
} as const;
const UPLOAD = {
  ...WHICH,
  ...CONFIGURATION,
  firmware: {
    value: "DIR",
    says: "first write Espruino itself, from the unpacked download in DIR, with esptool",
  },
  erase: { says: "erase first: with --firmware the whole flash, else the Storage" },
  "no-ble": { says: "turn Bluetooth off first; this frees memory and erases the saved program" },
  image: { value: "FILE", says: "no board: make an image of the Storage for esptool write-flash" },
  ...MODULE,
  "no-monitor": { says: "end when the link is up" },
  "dry-run": { says: "judge the configuration, print what would be done, touch no board" },
  ...HELP,
} as const;
const MONITOR = {
  reset: { says: "restart the board first" },
  "no-status": { says: "no line at the bottom, and no questions to the board for it" },
  ...HELP,
} as const;

export const FLASH_USAGE = `npx espruino-mqtt-ws flash [PORT] [options]

Puts the firmware, its configuration and the ws module on an ESP32 that runs Espruino, verifies them, restarts the
board and shows its log. PORT is /dev/ttyUSB0, COM3 or the like; it may be left out where only one board is plugged in.

${helpOf(UPLOAD)}
While it shows the log:
${helpOf(WATCH)}
Exit codes:
${outcomesAsText()}`;

export const MONITOR_USAGE = `npx espruino-mqtt-ws monitor [PORT] [options]

Shows the log of a board without disturbing it. What you type is sent to its console; Ctrl-C ends the monitor and
leaves the board running.

${helpOf({ ...WATCH, ...MONITOR })}
Exit codes:
${outcomesAsText()}`;

export interface WatchOptions {
  level: number;
  grep?: RegExp;
  decode: boolean;
  json: boolean;
  log?: string;
  status: boolean;
}

export function flashOptions(args: string[]) {
  const { values, positionals } = usage(() => readWords(args, { ...UPLOAD, ...WATCH }, true));
  usage(() => checkWhich(values));
  if (values.image !== undefined && values.firmware !== undefined)
    throw new Failure("usage", "--image and --firmware do not go together");
  const { bundle, config, firmware, image, ws, modules } = values;
  return {
    port: onlyOne(positionals, "port"),
    ...{ app: values.app, profile: values.profile, transport: values.transport },
    ...{ bundle, config, firmware, image, ws, modules, erase: values.erase, help: values.help },
    noBle: values["no-ble"],
    acceptWs: values["accept-ws"],
    noMonitor: values["no-monitor"],
    dryRun: values["dry-run"],
    watch: watchOptions(values, true),
  };
}

export type FlashOptions = ReturnType<typeof flashOptions>;

export function monitorOptions(args: string[]) {
  const { values, positionals } = usage(() => readWords(args, { ...MONITOR, ...WATCH }, true));
  return {
    port: onlyOne(positionals, "port"),
    reset: values.reset,
    help: values.help,
    watch: watchOptions(values, !values["no-status"]),
  };
}

function watchOptions(values: Values<typeof WATCH>, status: boolean): WatchOptions {
  if (!/^[0-4]$/.test(values.level)) throw new Failure("usage", "--level: expected 0, 1, 2, 3 or 4");
  const grep = values.grep === undefined ? undefined : pattern(values.grep);
  return {
    level: Number(values.level),
    grep,
    decode: values.decode,
    json: values.json,
    log: values.log,
    status,
  };
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new Failure("usage", "--grep: not a regular expression");
  }
}

/** The only word that is no option; undefined where there is none. Throws a Failure where there are more. */
export function onlyOne(positionals: string[], what: string): string | undefined {
  if (positionals.length > 1)
    throw new Failure("usage", `one ${what} at a time, not ${positionals.join(" and ")}`);
  return positionals[0];
}

/** A mistake in the command line, with what to do. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UsageError ? new Failure("usage", error.message) : error;
  }
}
