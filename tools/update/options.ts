// The command line of `update`: a command and its options.

import {
  checked,
  HELP,
  helpOf,
  type Options,
  readWords,
  UsageError,
  type Values,
} from "../../build/command-line.ts";
import { checkWhich, WHICH } from "../../build/options.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { usage } from "../options.ts";
import { ownFileSays } from "../paths.ts";
import { ENGINE, engineNumber, MAX_COUNTER } from "./manifest.ts";
import { CHANNEL, RESERVED } from "./topics.ts";

export const KEY_FILE = ownFileSays("update.key");
/** The variable with the URL: other users of the PC see the words of a command line. */
const URL_VARIABLE = "UPDATE_URL";

const CHANNEL_OPTION = {
  channel: { value: "NAME", default: "stable", says: "channel, default stable" },
} as const;
const BROKER = {
  url: {
    value: "URL",
    says: `broker, ws://, wss://, mqtt:// or mqtts://[user:password@]host[:port][/path];\ndefault: what the variable ${URL_VARIABLE} says`,
  },
  base: { value: "TOPIC", default: "devices", says: "the boards' device.base, default devices" },
  ...CHANNEL_OPTION,
} as const;
export const KEY = {
  file: { value: "FILE", default: KEY_FILE, says: `file of the key pair, default ${KEY_FILE}` },
  show: { says: "make none, show the public key of the file" },
  ...CHANNEL_OPTION,
  ...HELP,
} as const;
const PUBLISH = {
  ...BROKER,
  ...WHICH,
  app: { value: "NAME", default: "device", says: "application, default device" },
  bundle: { value: "FILE", says: "another bundle, of your own making" },
  key: { value: "FILE", default: KEY_FILE, says: `file of the key pair, default ${KEY_FILE}` },
  counter: { value: "N", says: "counter of this update; default one above the last" },
  share: {
    value: "PERCENT",
    default: "100",
    says: "share of the boards that take it by themselves, 1..100; default 100",
  },
  oldest: { value: "VERSION", default: "2v25", says: "oldest Espruino that it runs on, default 2v25" },
  newest: { value: "VERSION", default: "2v30", says: "newest Espruino that it runs on, default 2v30" },
  "new-key": { says: "publish though another key signed the last update; needs --counter" },
  ...HELP,
} as const;
const STATUS = {
  ...BROKER,
  key: {
    value: "KEY",
    default: KEY_FILE,
    says: `public key, as in config.json, or a file of a key pair; default ${KEY_FILE}`,
  },
  watch: { says: "go on, and show each change until Ctrl-C" },
  ...HELP,
} as const;
const TAKE_BACK = {
  ...BROKER,
  older: { says: "leave the channel as it is, clear only the programs that no channel names" },
  ...HELP,
} as const;

/** Each command, what it does, its options. */
const COMMANDS: Record<string, [says: string, options: Options]> = {
  key: ["makes a key pair, and shows what to write into config.json", KEY],
  publish: ["builds the firmware, signs it and publishes it", PUBLISH],
  status: ["shows what is published, and what each board does about it", STATUS],
  "take-back": ["clears what is published on a channel, and programs that no channel names", TAKE_BACK],
};

export const UPDATE_USAGE = `npx espruino-mqtt-ws update COMMAND [options]

Updates the firmware of boards through their broker: docs/update.md has the whole story.

${Object.entries(COMMANDS)
  .map(([name, [says, options]]) => `${name}: ${says}\n${helpOf(options)}\n`)
  .join("")}Exit codes:
${outcomesAsText()}`;

export type KeyOptions = Values<typeof KEY>;
export type PublishOptions = Values<typeof PUBLISH> & { url: string };
export type StatusOptions = Values<typeof STATUS> & { url: string };
export type TakeBackOptions = Values<typeof TAKE_BACK> & { url: string };

export type Command =
  | { name: "key"; options: KeyOptions }
  | { name: "publish"; options: PublishOptions }
  | { name: "status"; options: StatusOptions }
  | { name: "take-back"; options: TakeBackOptions }
  | { name: "help" };

/** Reads the words behind `update`. Throws a Failure. */
export function readCommand([word, ...args]: string[], env = process.env): Command {
  if (word === "--help" || word === "-h" || args.includes("--help") || args.includes("-h"))
    return { name: "help" };
  return usage(() => {
    const options = word !== undefined && Object.hasOwn(COMMANDS, word) && COMMANDS[word]![1];
    if (!options) {
      const names = Object.keys(COMMANDS).join(", ");
      throw new UsageError(
        word === undefined ? `a command is missing: ${names}` : `no command ${word}: choose ${names}`,
      );
    }
    const { values } = readWords(args, options);
    if (values.channel !== undefined) checkChannel(String(values.channel));
    if (word !== "key") checkBroker(values, env);
    if (word === "publish") checkPublish(values as unknown as PublishOptions);
    return { name: word, options: values } as unknown as Command;
  });
}

export function checkChannel(channel: string): void {
  checked("channel", channel, CHANNEL, "1..32 letters, digits and -");
  if (RESERVED.includes(channel))
    throw new UsageError(`--channel: ${channel} is a topic of the boards themselves, choose another name`);
}

/** Checks what names the broker. The URL is not repeated: it may hold a password. */
function checkBroker(values: Record<string, unknown>, env: NodeJS.ProcessEnv): void {
  const url = (values.url ?? env[URL_VARIABLE]) as string | undefined;
  if (!url) throw new UsageError(`the broker is missing: name it with --url or ${URL_VARIABLE}`);
  const good = /^(ws|mqtt)s?:\/\/[^/?#]/i.test(url) && URL.canParse(url) && new URL(url).hostname;
  if (!good)
    throw new UsageError(
      "--url: expected ws://, wss://, mqtt:// or mqtts://[user:password@]host[:port][/path]",
    );
  values.url = url;
  if (!/^[^+#\0]+$/.test(String(values.base)))
    throw new UsageError("--base: expected a topic, without + and #");
}

function checkPublish(values: PublishOptions): void {
  checkWhich(values);
  const { counter, share, oldest, newest } = values;
  values.share = share.replace(/%$/, "").trim();
  wholeNumber("share", values.share, 100);
  if (counter !== undefined) wholeNumber("counter", counter, MAX_COUNTER);
  checked("oldest", oldest, ENGINE, "a version of Espruino such as 2v25");
  checked("newest", newest, ENGINE, "a version of Espruino such as 2v30");
  if (engineNumber(oldest) > engineNumber(newest))
    throw new UsageError(`--oldest ${oldest} is newer than --newest ${newest}`);
  if (values["new-key"] && counter === undefined)
    throw new UsageError("--new-key needs --counter, above that of the last update");
}

function wholeNumber(name: string, text: string, most: number): void {
  const good = /^[1-9]\d{0,9}$/.test(text) && Number(text) <= most;
  if (!good) throw new UsageError(`--${name}: expected 1 to ${most}, got "${text}"`);
}

/** Only the application `device` asks for updates. Another is one of the user's own. */
export function checkTaker({ app, bundle }: PublishOptions): void {
  if (app !== "device" && bundle === undefined)
    throw new Failure(
      "usage",
      `${app} takes no updates`,
      "only --app device does, or a --bundle of your own",
    );
}
