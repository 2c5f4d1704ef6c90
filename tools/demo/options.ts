// The command line of `npm start`: words to checked options, or one sentence that says what is wrong. Knows no board.
import { parseArgs } from "node:util";

export const USAGE = `npm start -- [options]

Boots a virtual ESP32 with the firmware, lets it join a mocked Wi-Fi and say hello over MQTT over WebSocket,
and prints its serial log. Exit code 0: hello came back. 1: it did not, the reason is printed. 2: wrong usage.
With --app device it shows a device with pretend pins until q, Ctrl-C or --timeout; exit code 0: it was online.

  --url URL          broker, ws://[user:password@]host[:port][/path]; default: one that starts with the demo
  --topic TOPIC      topic of the message, default mg/test
  --message TEXT     the message, default hello
  --log 0..4         how much to print: 0 nothing, 1 errors, 2 info, 3 debug, 4 every byte on the wire; default 2
  --app NAME         firmware application, hello or device, default hello
  --profile NAME     build of it, full, tiny or v5; default full
  --config FILE      JSON file to start from; the other options override it
  --timeout SECONDS  of your clock, default 30; a device runs until it is stopped
  --speed N          the board's clock runs N times as fast as yours, 0.1..1000, default 1
  --help             this text
`;

export interface StartOptions {
  url?: string;
  topic?: string;
  message?: string;
  log?: number;
  app: string;
  profile: string;
  config?: string;
  timeoutS: number;
  /** Whether that was asked for. */
  timed: boolean;
  /** Seconds of the board in one of the PC. */
  speed: number;
  help: boolean;
}

/** A mistake in the usage; the message is one sentence for the user. */
export class UsageError extends Error {}

/** Parses the words behind `npm start --`. Throws {@link UsageError}. */
export function readOptions(args: string[]): StartOptions {
  const values = parse(args);
  if (values.url !== undefined) checkUrl(values.url);
  const log =
    values.log === undefined ? undefined : number("--log", values.log, /^[0-4]$/, "0, 1, 2, 3 or 4");
  if (!/^[a-z][a-z0-9-]*$/.test(values.app))
    throw new UsageError(`--app: "${values.app}" is no name of an app.`);
  if (!["full", "tiny", "v5"].includes(values.profile)) {
    throw new UsageError(`--profile: expected full, tiny or v5, got "${values.profile}".`);
  }
  if (values.topic !== undefined && (values.topic === "" || /[+#\0]/.test(values.topic))) {
    throw new UsageError("--topic: expected a topic name, without + and #.");
  }
  const timeoutS = number("--timeout", values.timeout ?? "30", /^\d+(\.\d+)?$/, "a number of seconds");
  if (timeoutS <= 0 || timeoutS > 86400)
    throw new UsageError("--timeout: expected more than 0, at most 86400.");
  const speed = number("--speed", values.speed, /^\d+(\.\d+)?$/, "a number");
  if (speed < 0.1 || speed > 1000) throw new UsageError("--speed: expected 0.1 to 1000.");
  return { ...values, log, timeoutS, timed: values.timeout !== undefined, speed };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        url: text,
        topic: text,
        message: text,
        log: text,
        config: text,
        app: { type: "string", default: "hello" },
        profile: { type: "string", default: "full" },
        timeout: text,
        speed: { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]?.replace(/\.$/, "")}; see --help.`);
  }
}

function number(name: string, text: string, pattern: RegExp, expected: string): number {
  if (!pattern.test(text)) throw new UsageError(`${name}: expected ${expected}, got "${text}".`);
  return Number(text);
}

function checkUrl(url: string): void {
  // The text itself is not repeated: it may hold a password.
  const wrong = () => new UsageError("--url: expected ws://[user[:password]@]host[:port][/path][?query].");
  if (!/^wss?:\/\/[^/?#]/.test(url) || !URL.canParse(url)) throw wrong();
  if (new URL(url).hostname === "") throw wrong();
}
