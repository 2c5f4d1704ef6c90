// Keys for signed messages (docs/signing.md): random bytes, in a file for its owner alone. No message shows them.

import { randomBytes } from "node:crypto";
import { writeNewFile } from "../new-file.ts";
import { ownFileSays } from "../paths.ts";

/** Best length of a key, in bytes. */
const KEY_BYTES = 32;

export const SIGN_FILE = ownFileSays("sign.key");

export function makeSignKey(file: string, say: (text: string) => void): void {
  writeNewFile(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`, "name another file with --file");
  say(`${file} has the key: give it to all who sign and to all who check, and to nobody else`);
  say(`in config.json of each board: "sign": {"key": "<the text of ${file}>"}`);
}
