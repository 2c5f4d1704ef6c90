// The command `key`: makes keys of each kind. A kind is a row here and a function.

import { HELP, helpOf, type Options, readWords, UsageError, type Values } from "../../build/command-line.ts";
import { outcomesAsText } from "../failures.ts";
import { usage } from "../options.ts";
import { makeKey } from "../update/key.ts";
import { checkChannel, KEY } from "../update/options.ts";
import { makePsk, PSK_FILE } from "./psk.ts";
import { makeSignKey, SIGN_FILE } from "./sign.ts";

type Say = (text: string) => void;

const SIGN = {
  file: { value: "FILE", default: SIGN_FILE, says: `file of the key, default ${SIGN_FILE}` },
  ...HELP,
} as const;

const PSK = {
  file: { value: "FILE", default: PSK_FILE, says: `file of the key, default ${PSK_FILE}` },
  identity: { value: "NAME", default: "device", says: "name of the device at the server, default device" },
  ...HELP,
} as const;

interface Kind {
  says: string;
  options: Options;
  make(values: never, say: Say): void;
}

const KINDS: Record<string, Kind> = {
  sign: {
    says: "a key for signed messages, shared by all who sign",
    options: SIGN,
    make: ({ file }: Values<typeof SIGN>, say) => makeSignKey(file, say),
  },
  psk: {
    says: "a pre-shared key for TLS, one for each device",
    options: PSK,
    make: ({ file, identity }: Values<typeof PSK>, say) => makePsk(file, identity, say),
  },
  update: {
    says: "a key pair that signs updates, and its public key for config.json",
    options: KEY,
    make(values: Values<typeof KEY>, say) {
      checkChannel(values.channel);
      makeKey(values, say);
    },
  },
};

export const KEY_USAGE = `npx espruino-mqtt-ws key KIND [options]

Makes a key. It goes into a file that only you can read, and an existing file is never replaced.

${Object.entries(KINDS)
  .map(([name, { says, options }]) => `${name}: ${says}\n${helpOf(options)}\n`)
  .join("")}Exit codes:
${outcomesAsText()}`;

export async function key([word, ...args]: string[]): Promise<number> {
  if (word === "--help" || word === "-h" || args.includes("--help") || args.includes("-h")) {
    process.stdout.write(KEY_USAGE);
    return 0;
  }
  return usage(() => {
    const kind = word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
    if (!kind) {
      const names = Object.keys(KINDS).join(", ");
      throw new UsageError(
        word === undefined ? `a kind of key is missing: ${names}` : `no kind of key ${word}: choose ${names}`,
      );
    }
    kind.make(readWords(args, kind.options).values as never, (text) => console.log(text));
    return 0;
  });
}
