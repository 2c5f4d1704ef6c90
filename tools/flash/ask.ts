// Asks the user at a terminal for a first configuration and writes the file. The firmware checks the values later.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Failure } from "../failures.ts";

/** Whether there is a terminal to ask at. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** Asks, then writes the file so that only its owner can read it. Returns its text. */
export async function askForConfig(file: string): Promise<string> {
  console.log(`There is no ${file} yet; three questions make it.`);
  const ssid = await ask("Name of the Wi-Fi network (SSID): ");
  const password = await ask("Its password (not shown): ", true);
  const url = await ask("URL of the broker (ws://[user:password@]host[:port]/path): ");
  const text = `${JSON.stringify({ wifi: { ssid, password }, mqtt: { url } }, null, 2)}\n`;
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
