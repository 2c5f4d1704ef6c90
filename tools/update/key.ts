// `update key`: makes a key pair, and shows what to write into config.json.

import { readKeyFile, writeKeyFile } from "./key-file.ts";
import type { KeyOptions } from "./options.ts";
import { newKeyPair } from "./signature.ts";

export function makeKey({ file, show, channel }: KeyOptions, say: (text: string) => void): void {
  const pair = show ? readKeyFile(file, say) : newKeyPair();
  if (!show) {
    writeKeyFile(file, pair);
    say(`${file} has the private key: keep a copy in a safe place, and show it to nobody`);
  }
  const key = pair.publicKey.toString("hex");
  say(`the public key is ${key}`);
  say("in config.json of each board, beside the other keys of device:");
  say(`"update": {"channel": "${channel}", "key": "${key}", "auto": false}`);
}
