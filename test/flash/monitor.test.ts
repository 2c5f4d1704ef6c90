// The monitor with a pretend board: what it shows and hides, restarts, a cable that is pulled.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing } from "../brokers/mosquitto.ts";
import { until } from "../support/until.ts";
import { monitor, noTerminal, scratch, start } from "./command.ts";
import { PretendBoard, type Traits } from "./pretend-board.ts";
import { Pty } from "./pty.ts";

const skip = missing("socat");

async function watch(t: TestContext, args: string[] = [], traits: Traits = {}) {
  const pty = await Pty.start(t);
  const board = new PretendBoard(pty, { files: { ".bootcde": "x" }, ...traits });
  t.after(() => board.off());
  const run = monitor(t, [pty.path, ...args]);
  await run.until(/watching|no DTR/);
  return { pty, board, run };
}

/** What the monitor printed, without its own notes and without the PC's clock. */
function lines(out: string): string[] {
  return out
    .trim()
    .split("\n")
    .filter((line) => !/^\S+ -- /.test(line))
    .map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, ""));
}

describe("the monitor", { concurrency: 2 }, () => {
  test("shows lines with the time, without the console's noise", { skip }, async (t) => {
    const { pty, board, run } = await watch(t);
    board.print("1a3f 2 mqtt CONNECTED to ws://h/");
    pty.write("\r\x1b[J>>12 3 app gr\xc3\xbc\xc3\x9f\x1b[33m dich\x11\x13\x07\r\n\r\n>");
    pty.write("Uncaught Error: no\r\nend\r\n");
    await run.until(/end\n/);
    assert.match(run.out, /^\d\d:\d\d:\d\d\.\d{3} -- watching \S+ at 115200 baud, Ctrl-C ends\n/);
    assert.match(run.out, /no DTR and RTS to hold/);
    assert.match(run.out, /^\d\d:\d\d:\d\d\.\d{3} 1a3f 2 mqtt CONNECTED to ws:\/\/h\/$/m);
    assert.deepEqual(lines(run.out).slice(1, 4), ["12 3 app grüß dich", "Uncaught Error: no", "end"]);
    assert.ok(!run.out.includes("\x1b"), "no colours where there is no terminal");
  });

  test("ends with Ctrl-C and leaves the board running", { skip }, async (t) => {
    const { pty, board, run } = await watch(t);
    run.child.kill("SIGINT");
    assert.equal((await run.ended).code, 0);
    assert.equal(board.running, "x");
    assert.equal(board.boots, 1);
    const line = await SerialLine.open(pty.path);
    await line.close();
  });

  test("hides by level and by pattern, and its file has everything", { skip }, async (t) => {
    const file = join(scratch(t), "log");
    const { board, run } = await watch(t, ["--level", "2", "--grep", "a|end", "--log", file]);
    for (const line of ["1 1 m a", "2 2 m b", "3 3 m a", "4 2 m end"]) board.print(line);
    await run.until(/end\n/);
    assert.deepEqual(lines(run.out), ["1 1 m a", "4 2 m end"]);
    assert.deepEqual(lines(readFileSync(file, "utf8")), ["1 1 m a", "2 2 m b", "3 3 m a", "4 2 m end"]);
  });

  test("prints one JSON object a line", { skip }, async (t) => {
    const { board, run } = await watch(t, ["--json"]);
    board.print('1a3f 2 mqtt CONNECTED to "x"');
    board.print("not ours");
    await run.until(/not ours.*\n/);
    const objects = run.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.ok(objects[0].event.startsWith("watching"));
    const [ours, other] = objects.slice(-2);
    assert.deepEqual(
      { ...ours, time: "" },
      { time: "", ms: 6719, level: 2, module: "mqtt", text: 'CONNECTED to "x"' },
    );
    assert.deepEqual({ ...other, time: "" }, { time: "", text: "not ours" });
    assert.ok(!Number.isNaN(Date.parse(ours.time)));
  });

  test("sends what is typed to the console", { skip }, async (t) => {
    const { board, run } = await watch(t);
    run.child.stdin?.write("print('grüß')\n");
    await until(() => board.typed.length, "what is typed");
    assert.deepEqual(board.typed, ["print('grüß')"]);
  });

  test("the cable is pulled and plugged in: the monitor says so and goes on", { skip }, async (t) => {
    const { pty, board, run } = await watch(t);
    await pty.unplug();
    await run.until(/-- unplugged; waiting for it to come back\n/);
    await pty.plugIn();
    await run.until(/-- back again\n/);
    board.print("5 2 m here");
    await run.until(/5 2 m here\n/);
  });

  test("says that the board has restarted", { skip }, async (t) => {
    const { board, run } = await watch(t);
    board.print("ffff 2 m before");
    board.print("12 2 m after");
    await run.until(/after\n/);
    assert.match(run.out, /before\n.* -- the board has restarted\n.*after\n/);
  });

  test("restarts the board with --reset", { skip }, async (t) => {
    const { board, run } = await watch(t, ["--reset"], { log: ["1 2 boot hello"] });
    await run.until(/-- restarting the board\n[\s\S]*boot hello\n/);
    assert.ok(board.boots > 1);
  });

  test("decodes bytes on the wire", { skip }, async (t) => {
    const { board, run } = await watch(t, ["--decode"]);
    board.print("10 2 ws Connecting to h:80");
    board.print("11 4 wire > 82 0d 32 0b 00 07 6d 67 2f 74 65 73 74 00 02");
    board.print("12 4 wire < 82 04 40 02 00 02");
    board.print("13 2 m end");
    await run.until(/end\n/);
    assert.deepEqual(lines(run.out), [
      "10 2 ws Connecting to h:80",
      "11 4 wire > WebSocket data frame, 13 bytes",
      '11 4 wire > PUBLISH QoS 1 id 2 "mg/test", 0 bytes',
      "12 4 wire < WebSocket data frame, 4 bytes",
      "12 4 wire < PUBACK id 2",
      "13 2 m end",
    ]);
  });

  test("a wrong port, wrong options and a port that falls silent have their exit codes", {
    skip,
  }, async (t) => {
    assert.equal((await monitor(t, ["/dev/nosuch"]).ended).code, 9);
    assert.equal((await monitor(t, ["--grep", "("]).ended).code, 2);
    assert.equal((await monitor(t, ["--level", "9"]).ended).code, 2);
    const pty = await Pty.start(t);
    const line = await SerialLine.open(pty.path);
    t.after(() => line.close());
    assert.equal((await monitor(t, [pty.path]).ended).code, 11);
    const help = await monitor(t, ["--help"]).ended;
    assert.equal(help.code, 0);
    assert.match(help.out, /--decode/);
  });

  test("shows a status line at the bottom of a terminal", { skip: skip || noTerminal }, async (t) => {
    const pty = await Pty.start(t);
    const board = new PretendBoard(pty, { files: { ".bootcde": "x" } });
    t.after(() => board.off());
    const command = `${process.execPath} bin/espruino-mqtt-ws.js monitor ${pty.path}`;
    const run = start(t, ["script", "-qec", command, "/dev/null"], { TERM: "xterm" });
    await run.until(/watching/);
    board.print("3e8 1 link DOWN: why, again in 1 s");
    board.print("7d0 2 mqtt CONNECTED to ws://h/");
    await run.until(/\[UP \| up 0:0\d \| reconnects 0 \| free 4321 \| in 0 out 0\]/);
    assert.ok(run.out.includes("\x1b[31m3e8 1 link DOWN"), "errors are red");
    run.child.stdin?.write("reset()\r");
    await until(() => board.typed.length, "what is typed");
    assert.deepEqual(board.typed, ["reset()"]);
    run.child.stdin?.write("\x03");
    assert.equal((await run.ended).code, 0);
  });
});
