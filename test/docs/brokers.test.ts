// The configurations on the page of brokers, as they stand there but for ports and paths: the firmware connects with them, and
// a device cannot reach the topics of another one.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import { fences } from "../../tools/docs/pages.ts";
import { ejabberdWith, noEjabberd } from "../brokers/ejabberd.ts";
import { freePort, missing, mosquittoPorts, untilListens } from "../brokers/mosquitto.ts";
import { nginx, noNginx } from "../brokers/nginx.ts";
import { noStunnel } from "../brokers/psk.ts";
import { type Running, start } from "../flash/command.ts";
import { until } from "../support/until.ts";

const DEMO = [process.execPath, "bin/espruino-mqtt-ws.js", "start"];
const skip = missing("mosquitto");

/** The text on the page that holds some words. */
function shown(words: string): string {
  return fences("docs/brokers.md").find(({ text }) => text.includes(words))!.text;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** mosquitto with the page's listener, passwords and rules. */
async function mosquittoOfPage(t: TestContext): Promise<number> {
  const folder = folderOf(t);
  const [tcp, ws] = [await freePort(), await freePort()];
  writeFileSync(join(folder, "acl"), shown("pattern readwrite"));
  writeFileSync(join(folder, "passwd"), "");
  for (const user of ["kitchen", "bath", "homeassistant"])
    assert.equal(spawnSync("mosquitto_passwd", ["-b", join(folder, "passwd"), user, "word"]).status, 0);
  const text = shown("password_file")
    .replaceAll("/etc/mosquitto/", `${folder}/`)
    .replace("listener 1883", `listener ${tcp}`)
    .replace("listener 9001", `listener ${ws} 127.0.0.1`);
  writeFileSync(join(folder, "mosquitto.conf"), `${text}user root\n`);
  const child = spawn("mosquitto", ["-c", "mosquitto.conf"], { cwd: folder, stdio: "ignore" });
  const gone = new Promise((done) => child.on("close", done));
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  await untilListens(ws, "mosquitto", child);
  return ws;
}

/** A client that is connected; `heard` has the topics that came. */
async function client(t: TestContext, url: string) {
  const it = mqtt.connect(url, { reconnectPeriod: 0 });
  t.after(() => it.end(true));
  const heard: string[] = [];
  it.on("message", (topic) => void heard.push(topic));
  await new Promise((done, fail) => {
    it.once("connect", done);
    it.once("error", fail);
  });
  return {
    heard,
    send: (topic: string) => it.publishAsync(topic, "on", { qos: 1 }),
    listen: (filter: string) => it.subscribeAsync(filter, { qos: 1 }),
  };
}

function hello(t: TestContext, url: string, topic: string): Running {
  return start(t, [...DEMO, "--url", url, "--topic", topic]);
}

test("docs: mosquitto with the page's files: password, rules by user, a device with Home Assistant", {
  skip,
}, async (t) => {
  const at = `127.0.0.1:${await mosquittoOfPage(t)}/mqtt`;
  const { code, err } = await hello(t, `ws://kitchen:word@${at}`, "devices/kitchen/hello").ended;
  assert.equal(code, 0, err);
  for (const user of ["kitchen:wrong@", ""]) {
    const { code, err } = await hello(t, `ws://${user}${at}`, "devices/kitchen/hello").ended;
    assert.equal(code, 1);
    assert.match(err, /password|not authorized/);
  }
  const home = await client(t, `ws://homeassistant:word@${at}`);
  await home.listen("#");
  const config = join(folderOf(t), "config.json");
  const pins = { led: { pin: "D2", use: "output" } };
  writeFileSync(config, JSON.stringify({ device: { id: "kitchen", discovery: "homeassistant", pins } }));
  const device = start(t, [
    ...DEMO,
    "--app",
    "device",
    "--config",
    config,
    "--url",
    `ws://kitchen:word@${at}`,
  ]);
  await until(() => home.heard.includes("homeassistant/device/kitchen/config"), "the discovery");
  const bath = await client(t, `ws://bath:word@${at}`);
  await bath.listen("#");
  await bath.send("devices/kitchen/pin/led/set");
  await bath.send("devices/bath/mine");
  await until(() => home.heard.includes("devices/bath/mine"), "the other device's own message");
  assert.ok(!home.heard.includes("devices/kitchen/pin/led/set"), "one device gives orders to another");
  await until(() => bath.heard.includes("devices/bath/mine"), "its own message");
  assert.deepEqual(
    bath.heard.filter((topic) => !topic.startsWith("devices/bath/")),
    [],
  );
  await home.send("devices/kitchen/pin/led/set");
  await device.until(/-- pin led D2: on/);
});

test("docs: stunnel with the page's files in front of mosquitto: two devices, each with its key", {
  skip: skip || noStunnel,
}, async (t) => {
  const folder = folderOf(t);
  const port = await freePort();
  const keys = shown("kitchen:8d5f");
  writeFileSync(join(folder, "psk.txt"), keys, { mode: 0o600 });
  const text = shown("PSKsecrets")
    .replace("/etc/stunnel/", `${folder}/`)
    .replace("8443", `127.0.0.1:${port}`)
    .replace("9001", `${(await mosquittoPorts(t)).ws}`);
  writeFileSync(join(folder, "mqtt.conf"), `foreground = yes\npid =\n${text}`);
  const child = spawn("stunnel4", [join(folder, "mqtt.conf")], { stdio: "ignore" });
  const gone = new Promise((done) => child.on("close", done));
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  await untilListens(port, "stunnel4", child);
  const config = join(folder, "config.json");
  for (const line of keys.trim().split("\n")) {
    const [identity, key] = line.split(":");
    writeFileSync(config, JSON.stringify({ mqtt: { tls: { psk: { identity, key } } } }));
    const run = start(t, [...DEMO, "--config", config, "--url", `wss://127.0.0.1:${port}/mqtt`]);
    const { code, err } = await run.ended;
    assert.equal(code, 0, err);
  }
});

test("docs: ejabberd with the page's file: a device has its own topics only", {
  skip: noEjabberd(),
}, async (t) => {
  const at = `127.0.0.1:${await ejabberdWith(t, shown("mod_mqtt:"))}/mqtt`;
  const { code, err } = await hello(t, `ws://kitchen:word@${at}`, "devices/kitchen/hello").ended;
  assert.equal(code, 0, err);
  for (const [user, topic] of [
    ["kitchen", "devices/bath/hello"],
    ["bath", "devices/kitchen/hello"],
  ]) {
    const { code, err } = await hello(t, `ws://${user}:word@${at}`, topic!).ended;
    assert.equal(code, 1);
    assert.match(err, /refused the subscription|not authorized/i);
  }
});

test("docs: nginx with the page's server in front of mosquitto", { skip: skip || noNginx() }, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const port = await freePort();
  const server = shown("proxy_pass")
    .replace("127.0.0.1:9001", `127.0.0.1:${ws}`)
    .replace("listen 80", `listen 127.0.0.1:${port}`);
  await nginx(t, server, port);
  const { code, out, err } = await start(t, [...DEMO, "--url", `ws://127.0.0.1:${port}/mqtt`]).ended;
  assert.equal(code, 0, out + err);
  const plain = await start(t, [...DEMO, "--url", `ws://127.0.0.1:${port}/other`]).ended;
  assert.match(plain.err, /404 Not Found/);
});
