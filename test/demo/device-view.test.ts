// `npm start` with an application that runs until it is stopped: its output, its lines, its keys, its end.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { HELP } from "../../tools/demo/device-keys.ts";
import { freePort } from "../brokers/mosquitto.ts";
import { noTerminal, type Running, scratch, start } from "../flash/command.ts";

const DEMO = [process.execPath, "bin/espruino-mqtt-ws.js", "start"];

/** Types each line once its pattern has appeared in what was printed since the last line; returns the exit code. */
async function converse(run: Running, told: [pattern: RegExp, line: string][]): Promise<number | null> {
  for (const [pattern, line] of told) {
    await run.until(pattern);
    run.child.stdin?.write(line);
  }
  return (await run.ended).code;
}

function withConfig(t: TestContext, json: object): string[] {
  const file = join(scratch(t), "config.json");
  writeFileSync(file, JSON.stringify(json));
  return ["--config", file];
}

test("--app device: shows pins and messages, and obeys the lines that are typed", async (t) => {
  const run = start(t, [...DEMO, "--app", "device"]);
  const code = await converse(run, [
    [/-- devices\/demo\/pin\/button off/, "hold button\n"],
    [/-- devices\/demo\/pin\/button\/press long/, "put light 0.42\n"],
    [/-- devices\/demo\/pin\/light 42/, "send pin/led/set on\n"],
    [/-- pin led D2: on/, "cmd/memory\n"],
    [/-- devices\/demo\/reply\/memory \{"uptimeS"/, "dance\n"],
    [/-- lines: TOPIC PAYLOAD/, "quit\n"],
  ]);
  assert.equal(code, 0, run.err);
  assert.match(run.out, /boot device/);
});

test("--app device: lines take away the Wi-Fi, the connection and the broker, and the device comes back", async (t) => {
  const run = start(t, [...DEMO, "--app", "device", "--speed", "10"]);
  const code = await converse(run, [
    [/"state":"online"/, "wifi\n"],
    [/the access point is gone\n[\s\S]*link DOWN: Wi-Fi/, "wifi\n"],
    [/the access point is back\n[\s\S]*mqtt CONNECTED/, "cut\n"],
    [/has lost the connection\n[\s\S]*link DOWN: [\s\S]*mqtt CONNECTED/, "broker\n"],
    [/the broker is gone\n[\s\S]*link DOWN: [\s\S]*link DOWN: .*, again in/, "broker\n"],
    [/the broker is back\n[\s\S]*mqtt CONNECTED/, "quit\n"],
  ]);
  assert.equal(code, 0, run.err);
});

test("--app device --url: a broker elsewhere is watched, too, and sent to", async (t) => {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const run = start(t, [...DEMO, "--app", "device", "--url", broker.url]);
  const code = await converse(run, [
    [/-- devices\/demo\/status .*"online"/, "pin/led/set on\n"],
    [/-- pin led D2: on[\s\S]*-- devices\/demo\/pin\/led on/, "broker\n"],
    [/-- only the demo's own broker goes away/, "cut\n"],
    [/link DOWN: [\s\S]*mqtt CONNECTED/, "quit\n"],
  ]);
  assert.equal(code, 0, run.err);
});

test("--app device --url with no broker there: it says why nothing is seen, and ends with 1", async (t) => {
  const run = start(t, [...DEMO, "--app", "device", "--url", "ws://me:secret@127.0.0.1:1/"]);
  const code = await converse(run, [
    [/-- the demo's own client at this broker: .*refused/i, "pin/led/set on\n"],
    [/link DOWN: /, "quit\n"],
  ]);
  assert.equal(code, 1);
  assert.match(run.err, /^No connection: .*refused/);
  assert.doesNotMatch(run.out + run.err, /secret/);
});

test("--port and --tcp-port: another program can talk to the demo's broker", async (t) => {
  const [port, tcpPort] = [await freePort(), await freePort()];
  const args = ["--app", "device", "--port", `${port}`, "--tcp-port", `${tcpPort}`];
  const run = start(t, [...DEMO, ...args]);
  await run.until(/"state":"online"/);
  assert.match(
    run.out,
    new RegExp(`broker is at ws://127\\.0\\.0\\.1:${port}/mqtt; by TCP: mosquitto_pub -p ${tcpPort} `),
  );
  const other = mqtt.connect(`mqtt://127.0.0.1:${tcpPort}`);
  t.after(() => other.end(true));
  other.publish("devices/demo/pin/led/set", "on", { qos: 1 });
  assert.equal(await converse(run, [[/-- pin led D2: on/, "quit\n"]]), 0);
});

test("an application other than hello ends with 0 when it was connected, however it was stopped", async (t) => {
  const config = withConfig(t, { sign: { key: "00112233445566778899aabbccddeeff" }, app: { topic: "a/b" } });
  const run = start(t, [...DEMO, "--app", "signed", ...config]);
  assert.equal(await converse(run, [[/-- a\/b\/answer /, "quit\n"]]), 0, run.err);
  assert.doesNotMatch(run.err, /hello/);
});

test("a mistake in the configuration of another application than hello: it ends with 1 and names the key", async (t) => {
  for (const [app, json] of [
    ["signed", {}],
    ["device", { device: { id: "a b" } }],
  ] as const) {
    const { code, err } = await start(t, [...DEMO, "--app", app, ...withConfig(t, json)]).ended;
    assert.equal(code, 1);
    assert.match(err, /^No connection: config (sign\.key|device\.id): expected/);
  }
});

test("on a terminal: keys press and toggle, a line is typed behind a colon, q ends", {
  skip: noTerminal,
}, async (t) => {
  const command = [...DEMO, "--app", "device"].join(" ");
  const run = start(t, ["script", "-qec", command, "/dev/null"], { TERM: "dumb" });
  await run.until(/-- devices\/demo\/pin\/button off/);
  assert.ok(run.out.includes(HELP), "the help is not cut off");
  const code = await converse(run, [
    [/online/, "a"],
    [/-- devices\/demo\/pin\/led on/, "1"],
    [/-- devices\/demo\/pin\/button\/press short/, ":cmd/mem"],
    [/: cmd\/mem_/, "x\x7fory\r"],
    [/-- devices\/demo\/reply\/memory /, ":q"],
    [/: q_/, "\x1b"],
    [/: q_[\s\S]*q quit/, "x"],
    [/has lost the connection[\s\S]*mqtt CONNECTED/, "w"],
    [/access point is gone/, "?"],
    [/-- lines: TOPIC PAYLOAD/, "q"],
  ]);
  assert.equal(code, 0, run.out);
});
