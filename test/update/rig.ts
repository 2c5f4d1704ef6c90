// Updates without a board: a small program, its release, the command as a user runs it, and brokers of every kind.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { PARTS_BEGIN, PARTS_END } from "../../src/program/file.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { Failure, type Kind } from "../../tools/failures.ts";
import { Broker } from "../../tools/update/broker.ts";
import { type Manifest, manifestOf } from "../../tools/update/manifest.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { type Running, start } from "../flash/command.ts";

/** A program of three blocks, the last one short. */
export const CODE = `var a=1;${PARTS_BEGIN}${"x".repeat(2_500)}${PARTS_END}`;
export const BASE = "devices";

export function manifest(counter = 1, share = 100): Manifest {
  const which = { app: "device", profile: "full", transport: "lean" };
  return manifestOf(CODE, { ...which, counter, share, oldest: "2v25", newest: "2v30" });
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), "update-"));
}

/** The program as a bundle's file. */
export function bundle(t: TestContext): string {
  const folder = scratch();
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "program.js");
  writeFileSync(file, CODE);
  return file;
}

export function update(t: TestContext, args: string[], env?: Record<string, string>): Running {
  return start(t, [process.execPath, "bin/espruino-mqtt-ws.js", "update", ...args], env);
}

/** Brokers, and why a test with one is skipped. Each gives the URL of a fresh one. */
export const BROKERS: [name: string, skip: string | false, url: (t: TestContext) => Promise<string>][] = [
  [
    "mosquitto, mqtt://",
    missing("mosquitto"),
    async (t) => `mqtt://127.0.0.1:${(await mosquittoPorts(t)).tcp}`,
  ],
  [
    "mosquitto, ws://",
    missing("mosquitto"),
    async (t) => `ws://127.0.0.1:${(await mosquittoPorts(t)).ws}/mqtt`,
  ],
  ["a broker of MQTT 3.1.1, mqtt://", false, async (t) => `mqtt://127.0.0.1:${(await embedded(t)).tcpPort}`],
  ["a broker of MQTT 3.1.1, ws://", false, async (t) => (await embedded(t)).url],
];

export async function embedded(t: TestContext): Promise<EmbeddedBroker> {
  const broker = await EmbeddedBroker.start({ tcpPort: 0 });
  t.after(() => broker.stop());
  return broker;
}

/** All that a broker keeps below the boards' base, by topic. */
export function keptAt(url: string): Promise<Map<string, Buffer>> {
  return Broker.with(url, (broker) => broker.kept([`${BASE}/#`]));
}

/** Whether an error is this failure. */
export function failure(kind: Kind, sentence: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, `${(error as Error).stack}`);
    assert.match(error.message, sentence);
    assert.equal(error.kind, kind, error.message);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  };
}
