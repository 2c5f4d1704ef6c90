// Asks the user at a terminal for a first configuration. The firmware judges every answer before the file is written, and
// an answer that it refuses is asked for again.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Failure } from "../failures.ts";
import { whole } from "./broker-url.ts";
import type { Json } from "./config.ts";

/** The word that accepts a server which is not authenticated. */
const ACCEPTED = "unverified";

/** Returns every mistake in a configuration, as "<key>: <what is expected>". */
type Judge = (json: Json) => Promise<string[]>;

/** Whether there is a terminal to ask at. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/**
 * Asks, then writes the file so that only its owner can read it. Returns its text.
 * @param more values without a question
 */
export async function askForConfig(file: string, more: Json, judge: Judge): Promise<string> {
  console.log(`There is no ${file} yet; three questions make it.`);
  const wifi: Json = {};
  const mqtt: Json = {};
  const json: Json = { wifi, mqtt, ...more };
  const good = async (key: string) => {
    const wrong = (await judge(json)).find((mistake) => mistake.startsWith(`${key}: `));
    if (wrong !== undefined) console.log(`That does not do. ${wrong}.`);
    return wrong === undefined;
  };
  do wifi.ssid = await ask("Name of the Wi-Fi network (SSID): ");
  while (!(await good("wifi.ssid")));
  do wifi.password = await ask("Its password (not shown): ", true);
  while (!(await good("wifi.password")));
  do {
    delete mqtt.tls;
    const answer = await ask("Broker (its host, or ws://[user:password@]host[:port]/path): ");
    mqtt.url = whole(answer);
    if (mqtt.url !== answer.trim())
      console.log(`Taken as ${`${mqtt.url}`.replace(/\/\/.*@/, "//...@").replace(/\?.*/, "")}`);
  } while (!(await good("mqtt.url")) || !(await accepted(mqtt, good)));
  return write(file, `${JSON.stringify(json, null, 2)}\n`);
}

/** What a wss:// URL needs besides: a pre-shared key, or the word that accepts a server which is not authenticated. */
async function accepted(mqtt: Json, good: (key: string) => Promise<boolean>): Promise<boolean> {
  if (!/^wss:/i.test(String(mqtt.url))) return true;
  console.log(
    "A pre-shared key proves who the server is. Without one, wss:// only encrypts: see docs/security.md.",
  );
  const answer = await ask(
    `Identity of this device at the server, "${ACCEPTED}", or nothing for another URL: `,
  );
  if (answer.trim() === "") return false;
  if (answer.trim() === ACCEPTED) {
    mqtt.tls = ACCEPTED;
    return true;
  }
  const key = await ask("Its pre-shared key in hexadecimal or base64 (not shown): ", true);
  mqtt.tls = { psk: { identity: answer.trim(), key: key.trim() } };
  return (await good("mqtt.tls.psk.identity")) && (await good("mqtt.tls.psk.key"));
}

function write(file: string, text: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  } catch {
    throw new Failure("file", `${file} cannot be written`);
  }
  return text;
}

async function ask(question: string, hidden = false): Promise<string> {
  let mute = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!mute) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const closed = new Promise<never>((_, reject) =>
      lines.once("close", () => reject(new Failure("interrupted", "no answer"))),
    );
    const answer = lines.question(question);
    mute = hidden;
    return await Promise.race([answer, closed]);
  } finally {
    if (hidden) process.stdout.write("\n");
    lines.close();
  }
}
