// The last step of flash.sh: how long it waits for the link, and what it says when the link does not come up.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Failure } from "../../tools/failures.ts";
import { follow } from "../../tools/flash/follow.ts";
import { watchPort } from "../../tools/monitor/watch-port.ts";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing } from "../brokers/mosquitto.ts";
import { PretendBoard } from "./pretend-board.ts";
import { Pty } from "./pty.ts";

const skip = missing("socat");
const WATCH = { level: 4, decode: false, json: false, status: false };

/** @param before what the board printed before it is watched */
async function tail(t: TestContext, before: string[], now: string[], level: number, limitMs?: number) {
  const pty = await Pty.start(t);
  const board = new PretendBoard(pty, { files: { ".bootcde": "x" } });
  t.after(() => board.off());
  const line = await SerialLine.open(pty.path);
  for (const each of now) board.print(each);
  return follow(watchPort(pty.path, WATCH, false), line, { noMonitor: true }, level, before, limitMs);
}

test("the link comes up: exit code 0", { skip }, async (t) => {
  assert.equal(
    await tail(t, [], ["1 1 link DOWN: why, again in 1 s", "2 2 mqtt CONNECTED to ws://h/"], 2),
    0,
  );
});

test("the link does not come up: the error gives the board's reason", { skip }, async (t) => {
  const log = ["1 2 wifi Joining lab", "2 1 link DOWN: Wi-Fi: NO_AP_FOUND, check wifi.ssid, again in 3 s"];
  await assert.rejects(tail(t, log, [], 2, 500), (failure: Failure) => {
    assert.equal(failure.kind, "down");
    assert.match(
      failure.message,
      /^the link is not up after 0\.5 s \(link DOWN: Wi-Fi: NO_AP_FOUND, check wifi\.ssid\): look at/,
    );
    return true;
  });
});

test("log level 1: the board prints nothing about its link, so flash.sh does not wait", {
  skip,
}, async (t) => {
  assert.equal(await tail(t, [], [], 1), 0);
});
