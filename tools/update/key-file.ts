// The file of a key pair. Its private half signs updates for every board that has the public half: no message shows it.

import { readFileSync, statSync } from "node:fs";
import { Failure } from "../failures.ts";
import { writeNewFile } from "../new-file.ts";
import { userPath } from "../paths.ts";
import { type KeyPair, PRIVATE_BYTES, PUBLIC_BYTES } from "./signature.ts";

const ALGORITHM = "SLH-DSA-SHA2-128s";

/** Writes a new file. Never replaces one: boards take no update that is signed with another key. */
export function writeKeyFile(file: string, { publicKey, privateKey }: KeyPair): void {
  const text = {
    algorithm: ALGORITHM,
    public: publicKey.toString("hex"),
    private: privateKey.toString("hex"),
  };
  const remedy = "show its public key with --show, or name another file with --file";
  writeNewFile(file, `${JSON.stringify(text, null, 2)}\n`, remedy);
}

/** @param say gets a warning if others may read the file */
export function readKeyFile(file: string, say: (text: string) => void): KeyPair {
  let text: string;
  try {
    text = readFileSync(userPath(file), "utf8");
    // Windows has no such modes.
    if (process.platform !== "win32" && statSync(userPath(file)).mode & 0o077)
      say(`warning: others may read ${file}: chmod 600 ${file}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Failure(
        "key",
        `there is no key file ${file}`,
        'make one with "npx espruino-mqtt-ws update key", or name yours',
      );
    throw new Failure("file", `${file} cannot be read`);
  }
  return parseKeys(text) ?? wrongFile(file);
}

function parseKeys(text: string): KeyPair | undefined {
  try {
    const { algorithm, public: publicHex, private: privateHex } = JSON.parse(text);
    const [publicKey, privateKey] = [fromHex(publicHex, PUBLIC_BYTES), fromHex(privateHex, PRIVATE_BYTES)];
    if (algorithm !== ALGORITHM || !publicKey || !privateKey) return undefined;
    // The private key ends in the public one (FIPS 205, 9.1).
    const same = privateKey.subarray(PRIVATE_BYTES - PUBLIC_BYTES).equals(publicKey);
    return same ? { publicKey, privateKey } : undefined;
  } catch {
    return undefined;
  }
}

function wrongFile(file: string): never {
  throw new Failure(
    "key",
    `${file} is not a key file of this tool, or it is damaged`,
    'take your copy of it, or make a new one with "npx espruino-mqtt-ws update key"',
  );
}

function fromHex(text: unknown, bytes: number): Buffer | undefined {
  const good = typeof text === "string" && new RegExp(`^[0-9a-f]{${2 * bytes}}$`, "i").test(text);
  return good ? Buffer.from(text, "hex") : undefined;
}

/** A public key as it stands in config.json: in hexadecimal or base64; undefined if it is neither. */
export function publicKeyOf(text: string): Buffer | undefined {
  const key = fromHex(text, PUBLIC_BYTES);
  if (key) return key;
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, "base64") : undefined;
}
