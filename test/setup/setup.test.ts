// Setup without a cable on the virtual board: when its access point opens, what its page takes, and how it ends.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { test } from "node:test";
import { MAX_REQUEST } from "../../src/app/device/setup/record.ts";
import { roundTrip } from "../../testing/crank.ts";
import { clientOf } from "../brokers/client.ts";
import { mosquittoPorts } from "../brokers/mosquitto.ts";
import { GOOD, setupRig, tokenIn } from "./rig.ts";

/** A configuration that cannot reach anything. */
const CONFIG = {
  wifi: { ssid: "gone", password: "wifi-secret" },
  mqtt: { url: "ws://joe:s3cret-pass@broker.example/mqtt?key=abcdef" },
  device: { id: "lamp" },
  setup: { password: "a setup password" },
};

test("a board without config.json opens an open network, takes one from the page, and keeps it", async (t) => {
  const { ws, tcp } = await mosquittoPorts(t);
  const client = await clientOf(t, tcp);
  const { board, line, post, open } = setupRig(t, {}, {}, () => roundTrip(client));
  await line(
    /2 setup warning: the access point esp32-\S+ opens for 600 s, OPEN, .*: There is no configuration yet/,
  );
  await line(/2 setup open: join /);
  assert.equal(board.wifi.own?.password, undefined);
  const page = await open();
  assert.match(page, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(page, /<strong>This network is open<\/strong>/);
  assert.match(page, /<option value="home">-58 dBm/);
  assert.match(page, /<option value="&lt;b&gt;&quot;&amp;">-40 dBm/);
  const refused = await post({ ...GOOD, f0: "", f2: "http://broker" });
  assert.match(refused, /^HTTP\/1\.1 422 /);
  assert.match(refused, /id=e0>expected text of 1\.\.32 bytes</);
  assert.match(refused, /id=e2>expected ws:\/\//);
  assert.match(refused, /value="http:\/\/broker"/);
  assert.doesNotMatch(refused, /wifi-secret/);
  await line(/2 setup mistakes in what was sent: its password, broker, name of this device/);
  assert.match(await post({ ...GOOD, f2: `ws://127.0.0.1:${ws}/mqtt` }), /Saved/);
  await line(/2 setup is tried: wi-fi network, its password, broker, name of this device/);
  await line(/2 mqtt CONNECTED to ws:\/\/127\.0\.0\.1/);
  await line(/2 boot the new configuration works/);
  assert.equal(JSON.parse(board.flash.get("config.json")!).wifi.password, "wifi-secret");
  assert.doesNotMatch(board.lines.join("\n"), /wifi-secret|Uncaught/);
});

test("a configuration that does not reach the broker is given up, and the page says why", async (t) => {
  const { line, post, open, board } = setupRig(t, { "config.json": CONFIG });
  await line(
    /2 setup the access point lamp opens for 600 s, WPA2: The Wi-Fi could not be joined for \d+ s \(Wi-Fi: NO_AP_FOUND/,
  );
  await line(/2 setup open/);
  assert.equal(board.wifi.own?.password, "a setup password");
  const from = board.lines.length;
  assert.match(
    await post({ ...GOOD, f1: "wrong password", f2: "ws://***@broker.example/mqtt?***" }),
    /Saved/,
  );
  await line(/the new configuration is given up: not connected for 120 s: Wi-Fi: /, from);
  const again = board.lines.findIndex((text) => /RESTARTING: the new configuration/.test(text));
  const reopened = await line(/2 setup open/, again);
  assert.ok(Number.parseInt(reopened, 16) < 60_000, "it does not wait for setup.afterS once more");
  const page = await open();
  assert.match(page, /Last time: the new configuration is given up: not connected for 120 s: Wi-Fi: 4WAY/);
  assert.match(page, /value="gone"/);
  assert.match(page, /value="ws:\/\/\*\*\*@broker\.example\/mqtt\?\*\*\*"/);
  assert.doesNotMatch(page, /s3cret|abcdef|a setup password|wifi-secret/);
});

test("the access point closes after its time, and the board tries again", async (t) => {
  const { line, board, pass } = setupRig(t, {
    "config.json": { ...CONFIG, setup: { password: "12345678", afterS: 60, forS: 60 } },
  });
  await line(/2 setup open/);
  const from = board.lines.length;
  await line(/2 setup the access point is closed/, from);
  assert.equal(board.wifi.own, undefined);
  await line(/2 wifi Joining gone/, from);
  assert.equal(board.ports.size, 0);
  await line(/2 setup open/, from);
  await pass(1000);
  assert.doesNotMatch(board.lines.join("\n"), /Uncaught|RESTARTING/);
});

test("without a password the access point does not open by itself", async (t) => {
  const { line, board } = setupRig(t, { "config.json": { ...CONFIG, setup: {} } });
  await line(/2 setup no access point: without setup\.password it opens by setup\.pin only/);
  await line(/RESTARTING: not connected for 900 s/);
  assert.doesNotMatch(board.lines.join("\n"), /setup open/);
});

test("setup.afterS 0 never opens it, and a Wi-Fi that was joined does not open it", async (t) => {
  for (const config of [
    { ...CONFIG, setup: { ...CONFIG.setup, afterS: 0 } },
    { ...CONFIG, wifi: { ssid: "home", password: "wifi-secret" }, mqtt: { url: "ws://127.0.0.1:9/mqtt" } },
  ]) {
    const { line, board } = setupRig(t, { "config.json": config });
    await line(/RESTARTING: not connected for 900 s/);
    assert.doesNotMatch(board.lines.join("\n"), / setup /);
    board.off();
  }
});

test("a pin that is held at power-on opens it before anything is tried", async (t) => {
  const { line, board } = setupRig(t, { "config.json": { ...CONFIG, setup: { pin: "D4", forS: 60 } } });
  board.off();
  board.lines.splice(0);
  board.pins.put("D4", 0);
  board.boot();
  await line(
    /setup warning: the access point lamp opens for 60 s, OPEN, others nearby can read what is sent: The pin D4 was held/,
  );
  await line(/2 setup the access point is closed/);
  const lines = board.lines.join("\n");
  assert.doesNotMatch(lines, /Joining/);
  await line(/2 wifi Joining gone/);
});

test("a configuration with mistakes shows each beside its field, and the password of its setup counts", async (t) => {
  const { line, open, board, post } = setupRig(t, {
    "config.json": { ...CONFIG, mqtt: { url: "tcp://broker" }, device: { id: "lamp", telemetryS: -1 } },
  });
  await line(/2 setup the access point lamp opens for 600 s, WPA2: The configuration has mistakes/);
  const page = await open();
  assert.match(page, /id=e2>expected ws:\/\//);
  assert.match(page, /<em>device\.telemetryS: expected a whole number 0\.\.86400/);
  assert.equal(board.wifi.own?.password, "a setup password");
  assert.match(await post({ ...GOOD, f2: "ws://broker.example/mqtt" }), /device\.telemetryS: expected/);
});

test("secrets that are left empty stay, go to no other network, and the user comes into the URL", async (t) => {
  const { post, board, line } = setupRig(t, {
    "config.json": { ...CONFIG, wifi: { ssid: "home", password: "wrong password" } },
  });
  await line(/2 setup open/);
  const url = "ws://***@broker.example/mqtt?***";
  assert.match(
    await post({ ...GOOD, f1: "", f2: "ws://***@evil.example/mqtt" }),
    /id=e2>\*\*\* stands for no secret of this server/,
  );
  assert.match(await post({ ...GOOD, f1: "", f2: url, f4: "lonely" }), /id=e3>expected the user/);
  assert.match(await post({ ...GOOD, f0: "other", f1: "", f2: url, f3: "j o@", f4: "p:/?é" }), /Saved/);
  const sent = JSON.parse(board.flash.get("config.a")!);
  assert.deepEqual(sent.wifi, { ssid: "other", password: "" });
  assert.equal(sent.mqtt.url, "ws://j%20o%40:p%3A%2F%3F%C3%A9@broker.example/mqtt?key=abcdef");
  assert.deepEqual(sent.setup, CONFIG.setup);
});

test("several brokers stay as they are while their field is empty", async (t) => {
  const list = ["ws://joe:one@a.example/mqtt", { url: "ws://b.example/mqtt" }];
  const { post, board, line } = setupRig(t, {
    "config.json": { ...CONFIG, wifi: { ssid: "home", password: "wrong password" }, mqtt: { url: list } },
  });
  await line(/2 setup open/);
  assert.match(await post({ ...GOOD, f2: "" }), /Saved/);
  assert.deepEqual(JSON.parse(board.flash.get("config.a")!).mqtt.url, list);
});

test("a shared key and a signing key are set, and not shown", async (t) => {
  const { post, board, line, open } = setupRig(t, {});
  await line(/2 setup open/);
  const key = "000102030405060708090a0b0c0d0e0f";
  const form = { ...GOOD, f2: "wss://broker.example/mqtt", f5: "lamp-1", f6: key, f7: key };
  assert.match(await post({ ...form, f5: "", f6: "" }), /id=e5>expected \{&quot;psk&quot;/);
  assert.match(await post({ ...form, f6: "short" }), /id=e6>expected a key of 16\.\.64 bytes/);
  const wrong = await post({ ...form, f7: "00" });
  assert.match(wrong, /id=e7>expected a key of 16\.\.64 bytes/);
  assert.match(wrong, /value="lamp-1"/);
  assert.ok(!wrong.includes(key));
  assert.match(await post(form), /Saved/);
  const { mqtt, sign } = JSON.parse(board.flash.get("config.a")!);
  assert.deepEqual([mqtt.tls, sign], [{ psk: { identity: "lamp-1", key } }, { key }]);
  assert.ok(!(await open().catch(() => "")).includes(key));
});

test("a form that the page did not make, other files and other methods are refused", async (t) => {
  const { post, send, line, board } = setupRig(t, {});
  await line(/2 setup open/);
  assert.match(await post(GOOD, "0123"), /^HTTP\/1\.1 403 Forbidden\r\n/);
  assert.match(await post(GOOD, ""), /^HTTP\/1\.1 403 /);
  const get = (path: string, method = "GET") =>
    send(`${method} ${path} HTTP/1.1\r\nhost:192.168.4.1:80\r\n\r\n`);
  assert.match(await get("/config.json"), /^HTTP\/1\.1 404 /);
  assert.match(await get("/", "PUT"), /^HTTP\/1\.1 405 /);
  assert.match(await send("nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), /^HTTP\/1\.1 411 /);
  assert.match(await send(`GET / HTTP/1.1\r\nA: ${"a".repeat(MAX_REQUEST)}`), /^HTTP\/1\.1 413 /);
  assert.match(await send(`POST / HTTP/1.1\r\nContent-Length: ${MAX_REQUEST}\r\n\r\n`), /^HTTP\/1\.1 413 /);
  assert.equal(board.flash.get("config.a"), undefined);
});

test("a phone's probe, and every other name, is led to the page", async (t) => {
  const { send, line } = setupRig(t, {});
  await line(/2 setup open/);
  for (const host of ["connectivitycheck.gstatic.com", "captive.apple.com", "evil.example"]) {
    const answer = await send(`GET /generate_204 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 302 Found\r\nLocation: http:\/\/192\.168\.4\.1\/\r\n/);
  }
});

test("every name has the board's address", async (t) => {
  const { line, board, until } = setupRig(t, {});
  await line(/2 setup open/);
  await until(() => board.ports.has("udp 53"), "the answerer for DNS");
  const socket = createSocket("udp4");
  t.after(() => socket.close());
  const answers: string[] = [];
  socket.on("message", (data) => answers.push(data.toString("latin1")));
  const name = "\x07captive\x05apple\x03com\0";
  const query = (type: number, flags = "\x01\0") =>
    Buffer.from(`ab${flags}\0\x01\0\0\0\0\0\0${name}\0${String.fromCharCode(type)}\0\x01`, "latin1");
  for (const bytes of [query(1, "\x81\x80"), query(1).subarray(0, 20), query(28), query(1)])
    socket.send(bytes, board.ports.get("udp 53")!, "127.0.0.1");
  await until(() => answers.length === 2, "two answers");
  const question = `${name}\0\x1c\0\x01`;
  assert.equal(answers[0], `ab\x85\0\0\x01\0\0\0\0\0\0${question}`);
  const record = "\xc0\x0c\0\x01\0\x01\0\0\0\x01\0\x04\xc0\xa8\x04\x01";
  assert.equal(answers[1], `ab\x85\0\0\x01\0\x01\0\0\0\0${name}\0\x01\0\x01${record}`);
});

test("each connection has a deadline, and there are few at once", async (t) => {
  const { line, board, open, until, send } = setupRig(t, {});
  await line(/2 setup open/);
  await until(() => board.ports.has("tcp 80"), "the board to listen");
  const ended: number[] = [];
  const slow = Array.from({ length: 6 }, (_, i) => {
    const socket = connect(board.ports.get("tcp 80")!, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", () => ended.push(i));
    socket.resume();
    t.after(() => socket.destroy());
    return socket;
  });
  // One too many.
  await until(() => ended.length === 1, "the sixth connection to be closed");
  slow.find((_, i) => !ended.includes(i))!.write("GET / HT");
  await until(() => board.load.sockets > 5, "the connections");
  await until(() => ended.length === 6, "the deadline");
  assert.match(await open(), /<form/);
  assert.equal(await send("GET / HTTP/1.1\r\n"), "");
  assert.match(await open(), /<form/);
});

test("the page has at most 6 KB, with all its networks", async (t) => {
  const others = Array.from({ length: 30 }, (_, i) => ({
    ssid: `network-${i}`.padEnd(32, "x"),
    rssi: -60 - i,
  }));
  const { open, line } = setupRig(t, {}, { wifi: { others } });
  await line(/2 setup open/);
  const page = await open();
  t.diagnostic(`${page.length} bytes`);
  assert.ok(page.length <= 6144, `${page.length} bytes`);
  assert.equal(page.split("<option").length - 1, 10);
  assert.ok(tokenIn(page).length > 9);
  assert.doesNotMatch(page, /<script/);
});
