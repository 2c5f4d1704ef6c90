// Runs flash.sh and the monitor as a user does, each with a cache folder of its own.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { until } from "../support/until.ts";

/** Uses the bundle that is built already: a new build would disturb other tests. */
export const BUNDLE = ["--bundle", "dist/hello.js"];

/** Why a test with a terminal is skipped, or false. On other systems `script` has other options. */
export const noTerminal = process.platform === "linux" ? missing("script") : "needs the script of util-linux";

export interface Result {
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  child: ChildProcess;
  readonly out: string;
  readonly err: string;
  /** Waits until its output matches; rejects with the whole output when it ends before. */
  until(pattern: RegExp): Promise<void>;
  ended: Promise<Result>;
}

/** A folder that is removed when the test ends. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "flash-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A configuration that the firmware accepts, in a file. */
export function goodConfig(t: TestContext, url = "ws://127.0.0.1:1/mqtt", more: object = {}): string {
  return writeJson(t, { wifi: { ssid: "lab", password: "secret-1" }, mqtt: { url }, ...more });
}

export function writeJson(t: TestContext, json: unknown): string {
  const file = join(scratch(t), "config.json");
  writeFileSync(file, typeof json === "string" ? json : JSON.stringify(json));
  return file;
}

/** A file with a text that flash.sh accepts as Espruino's ws module. */
export function fakeWs(t: TestContext, text = 'exports="Sec-WebSocket-Key";'): string {
  const file = join(scratch(t), "ws.js");
  writeFileSync(file, text);
  return file;
}

export function start(t: TestContext, command: string[], env: Record<string, string> = {}): Running {
  const home = env.XDG_CACHE_HOME ?? scratch(t);
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, XDG_CACHE_HOME: home, INIT_CWD: process.cwd(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  child.stdin.on("error", () => {});
  const ended = new Promise<Result>((done) => child.on("close", (code) => done({ code, out, err })));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let over = false;
  void ended.then(() => (over = true));
  const printed = async (pattern: RegExp) => {
    await until(
      () => pattern.test(out) || over,
      `${pattern}`,
      () => out + err,
    );
    assert.match(out, pattern, `it ended without ${pattern}:\n${out}${err}`);
  };
  return {
    child,
    ended,
    until: printed,
    get out() {
      return out;
    },
    get err() {
      return err;
    },
  };
}

export function flash(t: TestContext, args: string[], env?: Record<string, string>): Running {
  return start(t, ["bash", "flash.sh", ...args], env);
}

export function monitor(t: TestContext, args: string[], env?: Record<string, string>): Running {
  return start(t, [process.execPath, "bin/espruino-mqtt-ws.js", "monitor", ...args], env);
}

/** Runs to the end; checks the exit code, and that the error is one sentence without secrets. */
export async function fails(
  t: TestContext,
  args: string[],
  code: number,
  sentence: RegExp,
  env?: Record<string, string>,
) {
  const result = await flash(t, args, env).ended;
  assert.equal(result.code, code, result.out + result.err);
  assert.match(result.err, sentence);
  assert.equal(result.err.trim().split("\n").length, 1, result.err);
  assert.doesNotMatch(result.out + result.err, /secret/);
  return result;
}
