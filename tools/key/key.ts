// `npm run -s key -- psk`: makes a pre-shared key for mqtt.tls.psk, and says where both halves go. The key goes to standard
// output, the rest to standard error, so that a script can take it.
import { randomBytes } from "node:crypto";
import { checked, HELP, helpOf, readWords } from "../../build/command-line.ts";
import { Failure } from "../failures.ts";
import { finish } from "../finish.ts";
import { usage } from "../options.ts";

const OPTIONS = {
  identity: { value: "NAME", says: "name of the device at the server, 1 to 128 bytes without a colon" },
  ...HELP,
} as const;

const USAGE = `npm run -s key -- psk [options]

Makes a pre-shared key of 32 random bytes for TLS, mqtt.tls.psk: one for each device.

${helpOf(OPTIONS)}`;

/** Bytes of a key: as many as the hash has. */
const KEY = 32;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (positionals.join(" ") !== "psk")
    throw new Failure("usage", "which key: expected psk", "npm run -s key -- psk");
  const identity = values.identity ?? `esp32-${randomBytes(4).toString("hex")}`;
  usage(() => checked("identity", identity, /^[^:\0\r\n]{1,128}$/, "1 to 128 bytes without a colon"));
  const key = randomBytes(KEY).toString("hex");
  console.log(key);
  console.error(
    `config.json: "mqtt": {"url": "wss://...", "tls": ${JSON.stringify({ psk: { identity, key: "<this key>" } })}}`,
  );
  console.error(`the server's file of keys: ${identity}:<this key>`);
  return 0;
}

await finish(() => main(process.argv.slice(2)));
