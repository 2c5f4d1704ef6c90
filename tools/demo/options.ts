// The command line of `start`: words to checked options, or one sentence that says what is wrong. Knows no board.

import { RELEASES, type Release } from "../../board/virtual/wifi-driver.ts";
import { checked, HELP, helpOf, readWords, UsageError } from "../../build/command-line.ts";
import { checkWhich, WHICH } from "../../build/options.ts";
import { outcomesAsText } from "../failures.ts";
import { usage } from "../options.ts";

const OPTIONS = {
  url: {
    value: "URL",
    says: "broker, ws://[user:password@]host[:port][/path]; default: one that starts with the demo",
  },
  port: { value: "PORT", says: "port of the demo's own broker for WebSocket, default a free one" },
  "tcp-port": {
    value: "PORT",
    says: "its port for mosquitto_pub and others, over TCP; default a free one, none with hello",
  },
  tls: {
    value: "psk",
    says: "the board reaches the demo's own broker through TLS with a pre-shared key, made for this run",
  },
  topic: { value: "TOPIC", says: "topic of the message, default mg/test" },
  message: { value: "TEXT", says: "the message, default hello" },
  log: {
    value: "0..4",
    says: "how much to print: 0 nothing, 1 errors, 2 info, 3 debug, 4 every byte on the wire; default 2",
  },
  ...WHICH,
  bundle: { value: "FILE", says: "another bundle, of your own making" },
  program: {
    value: "FILE",
    says: "a program of your own that uses the module; config.json is its own affair",
  },
  module: {
    value: "NAME",
    default: "lean",
    says: "build of the module for it: stock, lean, tiny, tiny-lean, v5, v5-lean; default lean",
  },
  config: { value: "FILE", says: "JSON file to start from; the other options override it" },
  timeout: {
    value: "SECONDS",
    says: "of your clock, default 30; other apps than hello run until they are stopped",
  },
  speed: {
    value: "N",
    default: "1",
    says: "the board's clock runs N times as fast as yours, 0.1..1000, default 1",
  },
  engine: {
    value: "RELEASE",
    default: "2v29",
    says: `the Espruino that the board plays, whose Wi-Fi differs: ${RELEASES.join(", ")}; default 2v29`,
  },
  ...HELP,
} as const;

/** Builds of the module, as its files in dist/ have them behind their name. */
const MODULE_BUILD = /^(stock|lean|tiny|tiny-lean|v5|v5-lean)$/;

export const USAGE = `npx espruino-mqtt-ws start [options]

Boots a virtual ESP32 with the firmware, lets it join a mocked Wi-Fi and say hello over MQTT over WebSocket,
and prints its serial log. Exit code 0: hello came back. 1: it did not, the reason is printed. 2: wrong usage.
It ends at the first failure; with --speed or --timeout it goes on until the time is over, so that you see it wait.
Every other app runs until q, Ctrl-C or --timeout, and shows its messages, a device its pretend pins, too; exit code
0: it was connected. A --bundle and a --program of your own run in the same way. Type "help" there, or press ?, for what you can do to it: press, send, drop the Wi-Fi.
The firmware is built first, where its sources have changed.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText({ 1: "hello did not come back, or there was no connection" })}`;

export interface StartOptions {
  url?: string;
  /** Ports of the demo's own broker. */
  port?: number;
  tcpPort?: number;
  tls?: string;
  topic?: string;
  message?: string;
  log?: number;
  app: string;
  profile: string;
  transport: string;
  bundle?: string;
  /** A program on the module, and the build of the module. */
  program?: string;
  module: string;
  config?: string;
  timeoutS: number;
  /** Whether that was asked for. */
  timed: boolean;
  /** Seconds of the board in one of the PC. */
  speed: number;
  /** Whether a failure does not end it. */
  patient: boolean;
  engine: Release;
  help: boolean;
}

/** Reads the words behind `start`. Throws a Failure. */
export function readOptions(args: string[]): StartOptions {
  return usage(() => {
    const { values } = readWords(args, OPTIONS);
    if (values.url !== undefined) checkUrl(values.url);
    const port = portOf("port", values.port);
    const tcpPort = portOf("tcp-port", values["tcp-port"]);
    if (values.url !== undefined && (port ?? tcpPort) !== undefined)
      throw new UsageError("--port and --tcp-port are for the demo's own broker, not with --url");
    if (values.tls !== undefined) checked("tls", values.tls, /^psk$/, "psk");
    if (values.url !== undefined && values.tls !== undefined)
      throw new UsageError("--tls is for the demo's own broker, not with --url");
    const log =
      values.log === undefined ? undefined : Number(checked("log", values.log, /^[0-4]$/, "0, 1, 2, 3 or 4"));
    checkWhich(values);
    checked("module", values.module, MODULE_BUILD, "stock, lean, tiny, tiny-lean, v5 or v5-lean");
    if (values.bundle !== undefined && values.program !== undefined)
      throw new UsageError("--bundle and --program do not go together");
    if (values.topic !== undefined && (values.topic === "" || /[+#\0]/.test(values.topic)))
      throw new UsageError("--topic: expected a topic name, without + and #");
    const timeoutS = number("timeout", values.timeout ?? "30", "a number of seconds");
    if (timeoutS <= 0 || timeoutS > 86400)
      throw new UsageError("--timeout: expected more than 0, at most 86400");
    const speed = number("speed", values.speed, "a number");
    if (speed < 0.1 || speed > 1000) throw new UsageError("--speed: expected 0.1 to 1000");
    const timed = values.timeout !== undefined;
    const engine = RELEASES.find((release) => release === values.engine);
    if (!engine) throw new UsageError(`--engine: expected ${RELEASES.join(", ")}`);
    return { ...values, engine, port, tcpPort, log, timeoutS, timed, speed, patient: timed || speed !== 1 };
  });
}

function number(name: string, text: string, expected: string): number {
  return Number(checked(name, text, /^\d+(\.\d+)?$/, expected));
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(checked(name, text, /^\d+$/, "a port"));
  if (port < 1 || port > 65535) throw new UsageError(`--${name}: expected 1 to 65535`);
  return port;
}

function checkUrl(url: string): void {
  // The text itself is not repeated: it may hold a password.
  const wrong = () => new UsageError("--url: expected ws://[user[:password]@]host[:port][/path][?query]");
  if (!/^wss?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) throw wrong();
  if (new URL(url).hostname === "") throw wrong();
}
