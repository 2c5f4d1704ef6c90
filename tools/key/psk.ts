// Pre-shared keys for TLS (docs/security.md): random bytes, in a file for its owner alone. No message shows them.

import { randomBytes } from "node:crypto";
import { checked } from "../../build/command-line.ts";
import { writeNewFile } from "../new-file.ts";
import { ownFileSays } from "../paths.ts";

/** Length of a key, in bytes: that of the hash. */
const KEY_BYTES = 32;

export const PSK_FILE = ownFileSays("psk.key");

/** @param identity the device's name at the server: no file of keys could have a colon or a line end in it */
export function makePsk(file: string, identity: string, say: (text: string) => void): void {
  checked("identity", identity, /^[^:\0\r\n]{1,128}$/, "1 to 128 bytes without a colon");
  writeNewFile(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`, "name another file with --file");
  say(`${file} has the key: for this device and for the server, and for nobody else`);
  const tls = JSON.stringify({ psk: { identity, key: `<the text of ${file}>` } });
  say(`in config.json of the board: "mqtt": {"url": "wss://...", "tls": ${tls}}`);
  say(`in the server's file of keys: ${identity}:<the text of ${file}>`);
}
