// The command lines of flash.sh and of the monitor: words to checked options, or one sentence. Knows no board.

import { parseArgs } from "node:util";
import { Failure, outcomesAsText } from "./failures.ts";

const WATCH_USAGE = `  --level 0..4       hide lines above this level: 1 errors, 2 info, 3 debug, 4 bytes on the wire
  --grep PATTERN     show only lines that match this regular expression
  --decode           show the bytes on the wire (log level 4) as frames and packets, in words
  --json             one JSON object a line
  --log FILE         append every line to a file, whatever is shown
`;

export const FLASH_USAGE = `./flash.sh [PORT] [options]

Puts the firmware, its configuration and the ws module on an ESP32 that runs Espruino, verifies them, restarts the
board and shows its log. PORT is /dev/ttyUSB0, COM3 or the like; it may be left out where only one board is plugged in.

  --app NAME         firmware application, default hello
  --profile NAME     build of it: full, tiny, v5; default full
  --transport NAME   ws or lean; default ws
  --bundle FILE      another bundle, of your own making
  --config FILE      configuration, default board/config.json
  --firmware DIR     first write Espruino itself, from the unpacked download in DIR, with esptool
  --erase            erase first: with --firmware the whole flash, else the Storage
  --no-ble           turn Bluetooth off first; this frees memory and erases the saved program
  --image FILE       no board: make an image of the Storage for esptool write-flash
  --ws FILE          the text of Espruino's ws module, instead of fetching it
  --modules URL      where to fetch it, a URL or a folder; default Espruino's own place
  --accept-ws        take a ws module that is not the one trusted before
  --no-monitor       end when the link is up
  --dry-run          print what would be done, and do nothing
  --help             this text

While it shows the log:
${WATCH_USAGE}
Exit codes:
${outcomesAsText()}`;

export const MONITOR_USAGE = `npm run monitor -- [PORT] [options]

Shows the log of a board without disturbing it. What you type is sent to its console; Ctrl-C ends the monitor and
leaves the board running.

${WATCH_USAGE}  --reset            restart the board first
  --no-status        no line at the bottom, and no questions to the board for it
  --help             this text

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

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const WATCH = {
  level: { type: "string", default: "4" },
  grep: text,
  decode: flag,
  json: flag,
  log: text,
} as const;
const FLASH = {
  ...WATCH,
  app: { type: "string", default: "hello" },
  profile: { type: "string", default: "full" },
  transport: { type: "string", default: "ws" },
  bundle: text,
  config: text,
  firmware: text,
  erase: flag,
  "no-ble": flag,
  image: text,
  ws: text,
  modules: text,
  "accept-ws": flag,
  "no-monitor": flag,
  "dry-run": flag,
  help: { ...flag, short: "h" },
} as const;
const MONITOR = { ...WATCH, reset: flag, "no-status": flag, help: { ...flag, short: "h" } } as const;

export function flashOptions(args: string[]) {
  const { values, positionals } = usage(() =>
    parseArgs({ args, options: FLASH, allowPositionals: true, strict: true }),
  );
  for (const option of ["app", "profile", "transport"] as const) {
    if (!/^[a-z][a-z0-9-]*$/.test(values[option]))
      throw new Failure("usage", `--${option}: "${values[option]}" is no name`);
  }
  if (values.image !== undefined && values.firmware !== undefined)
    throw new Failure("usage", "--image and --firmware do not go together");
  const { bundle, config, firmware, image, ws, modules } = values;
  return {
    port: onePort(positionals),
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
  const { values, positionals } = usage(() =>
    parseArgs({ args, options: MONITOR, allowPositionals: true, strict: true }),
  );
  return {
    port: onePort(positionals),
    reset: values.reset,
    help: values.help,
    watch: watchOptions(values, !values["no-status"]),
  };
}

function watchOptions(
  values: { level: string; grep?: string; decode: boolean; json: boolean; log?: string },
  status: boolean,
): WatchOptions {
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

function onePort(positionals: string[]): string | undefined {
  if (positionals.length > 1)
    throw new Failure("usage", `one port at a time, not ${positionals.join(" and ")}`);
  return positionals[0];
}

function usage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Failure("usage", (error as Error).message.split(". ")[0]!.replace(/\.$/, ""));
  }
}
