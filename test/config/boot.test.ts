// From config.json to the first climb: every key with its bounds and default, and what the board says and does when
// something is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hello } from "../../src/app/hello";
import { VERSION } from "../../src/config/boot";
import { boot } from "../../src/link/power-on";
import type { Link } from "../../src/link/rungs";
import { full } from "../../src/profile/full";
import { tiny } from "../../src/profile/tiny";
import { booted, climb, noting, TCP } from "../support/climb.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { reply } from "../ws/server.ts";

/** Boots a config.json, given as text or as its value; undefined is no file at all. */
function start(json: unknown, profile = full): { board: FakeBoard; link: Link | undefined } {
  const board = new FakeBoard();
  if (json !== undefined) board.files["config.json"] = typeof json === "string" ? json : JSON.stringify(json);
  return { board, link: boot(board, hello, profile) };
}

/** The smallest config.json, with one key set to another value; an undefined value removes it. */
function withKey(key: string, value: unknown): object {
  const json = { wifi: { ssid: "home" }, mqtt: { url: "ws://broker" } };
  let object = json as Record<string, unknown>;
  const names = key.split(".");
  const last = names.pop()!;
  if (key.startsWith("mqtt.will.") && key !== "mqtt.will.topic")
    object.mqtt = { ...json.mqtt, will: { topic: "t" } };
  for (const name of names) {
    object[name] ??= {};
    object = object[name] as Record<string, unknown>;
  }
  object[last] = value;
  return json;
}

/** Whether the link did not start: no Wi-Fi joined, no timer, and the log has errors of config.json. */
function assertRefused({ board, link }: ReturnType<typeof start>, keys: string[]): void {
  assert.equal(link, undefined);
  assert.equal(board.second, undefined);
  assert.deepEqual(board.joins, []);
  const named = board.log.map((line) => /^1 config (\S+): /.exec(line)?.[1] ?? line);
  assert.deepEqual(named, keys, board.text);
}

const x = (length: number) => "x".repeat(length);
const BOOLEANS: [unknown[], unknown[]] = [
  [true, false],
  [1, 0, "true", null, {}, []],
];

/** Each key: values that are taken, values that are not. */
const KEYS: [key: string, good: unknown[], bad: unknown[]][] = [
  ["wifi", [], ["home", null, [], 5, true]],
  ["wifi.ssid", ["h", x(32)], [undefined, "", x(33), 5, null, [], {}]],
  ["wifi.password", [undefined, "", x(64)], [x(65), 5, null, true, [], {}]],
  ["wifi.hostname", [undefined, "", x(32)], [x(33), 5, null, {}]],
  ["mqtt", [], ["ws://broker", null, [], 5, true]],
  [
    "mqtt.url",
    ["ws://b", "ws://u:p@b:1/x?y"],
    [undefined, "", "b", "http://b", `ws://b/${x(4096)}`, 5, null, {}],
  ],
  ["mqtt.clientId", [undefined, "", "me", x(65535)], [x(65536), 5, null, false, {}]],
  ["mqtt.tls", [undefined, "", "unverified"], ["verified", "yes", true, null, x(17), 5, [], {}, { psk: {} }]],
  ["mqtt.mask", [undefined, "random", "zero"], ["", "none", 0, null, true, {}]],
  [
    "mqtt.headers",
    [
      undefined,
      {},
      { "X-Api-Key": "a b\tc~", Authorization: "" },
      { hosts: "x", "x-host": "x", [x(64)]: x(1024) },
      Object.fromEntries([..."12345678"].map((name) => [name, "x"])),
    ],
    [
      null,
      "a: b",
      [],
      true,
      { a: 1 },
      { a: null },
      { a: "b\r\nc: d" },
      { a: "\n" },
      { a: "\x7f" },
      { a: "\xc3\xa9" },
      { a: x(1025) },
      { "": "x" },
      { "a b": "x" },
      { "a:": "x" },
      { "a\r\nb": "x" },
      { [x(65)]: "x" },
      { Host: "x" },
      { upgrade: "x" },
      { CONNECTION: "x" },
      { "Content-Length": "5" },
      { "transfer-encoding": "x" },
      { "Sec-WebSocket-Protocol": "x" },
      { "sec-websocket-x": "x" },
      Object.fromEntries([..."123456789"].map((name) => [name, "x"])),
    ],
  ],
  ["mqtt.keepAlive", [undefined, 0, 65535], [-1, 65536, 1.5, "45", null, true, {}]],
  ["mqtt.cleanSession", [undefined, ...BOOLEANS[0]], BOOLEANS[1]],
  ["mqtt.maxPacket", [undefined, 128, 1048576], [0, 127, 1048577, -1, 4096.5, "4096", null, {}]],
  ["mqtt.will", [undefined], [null, "bye", [], 5, true]],
  ["mqtt.will.topic", ["t", "a/b"], [undefined, "", "+", "a/#", x(65536), 5, null, {}]],
  ["mqtt.will.payload", [undefined, "", "bye"], [5, null, {}, x(65536)]],
  ["mqtt.will.qos", [undefined, 0, 1, 2], [-1, 3, 0.5, "1", null, true]],
  ["mqtt.will.retain", [undefined, ...BOOLEANS[0]], BOOLEANS[1]],
  ["link", [undefined, {}], [null, 900, [], true]],
  ["link.rebootAfterS", [undefined, 0, 1, 86400], [-1, 86401, 1.5, "900", null, true, {}]],
  ["app", [undefined, {}], [null, "hello", [], 5, true]],
  ["app.topic", [undefined, "t", x(65535)], ["", "+", "a/#", x(65536), 5, null, {}]],
  ["app.message", [undefined, "", "hi"], [5, null, {}, x(65536)]],
  ["app.qos", [undefined, 0, 1, 2], [-1, 3, 1.5, "1", null, true]],
  ["log", [undefined, 0, 1, 2, 3, 4], [-1, 5, 2.5, "2", null, true, {}]],
];

for (const [key, good, bad] of KEYS) {
  test(`boot: ${key} takes every good value and refuses every bad one`, () => {
    for (const value of good) {
      const { link, board } = start(withKey(key, value));
      assert.ok(link, `${value}: ${board.text}`);
      assert.equal(board.joins.length, 1);
    }
    for (const value of bad) {
      const missing = key === "mqtt.will.topic" && value === undefined;
      assertRefused(start(missing ? withKey("mqtt.will", {}) : withKey(key, value)), [key]);
    }
  });
}

test("boot: the tiny build refuses mqtt.will and QoS 2", () => {
  assertRefused(start(withKey("mqtt.will.topic", "t"), tiny), ["mqtt.will"]);
  assert.match(start(withKey("mqtt.will", {}), tiny).board.text, /full/);
  assertRefused(start(withKey("app.qos", 2), tiny), ["app.qos"]);
  assert.ok(start(withKey("app.qos", 1), tiny).link);
});

test("boot: mqtt.headers reach the connection", () => {
  const headers = { "X-Api-Key": "secret" };
  const { board } = start(withKey("mqtt.headers", headers));
  board.radio.joined("");
  assert.deepEqual(board.opens[0]?.target.headers, headers);
});

test("boot: with mqtt.mask zero the payload is sent unchanged, and each connect logs this once", () => {
  for (const mask of ["random", "zero", undefined]) {
    const { board } = start(withKey("mqtt.mask", mask));
    climb(board, TCP);
    board.line.data(reply());
    const connect = board.writes.at(-1)!;
    assert.equal(connect.slice(2, 6) === "\0\0\0\0", mask === "zero");
    assert.equal(connect.includes("MQTT"), mask === "zero");
    assert.equal(
      board.log.filter((line) => /mqtt\.mask.*RFC 6455 5\.3/.test(line)).length,
      mask === "zero" ? 1 : 0,
    );
  }
});

test("boot: without config.json nothing starts, and the log says what to do", () => {
  const subject = start(undefined);
  assertRefused(subject, ["config.json"]);
  assert.equal(subject.board.seeds, 1);
});

test("boot: a config.json that is not JSON, or not an object, is refused", () => {
  for (const text of [
    "",
    " ",
    "{",
    "{'wifi':}",
    "nonsense",
    "[]",
    "null",
    "5",
    '"ws://u:secret@b"',
    "true",
    "\0",
    "\xff",
  ]) {
    assertRefused(start(text), ["config.json"]);
  }
});

test("boot: wss:// without mqtt.tls is refused, with the reason", () => {
  const json = (tls?: string) => ({ wifi: { ssid: "h" }, mqtt: { url: "wss://b", tls } });
  const refused = start(json());
  assertRefused(refused, ["mqtt.tls"]);
  assert.match(
    refused.board.text,
    /expected \{"psk": .*\} with wss:\/\/, or "unverified", because Espruino .* without checking/,
  );
  assertRefused(start(json("")), ["mqtt.tls"]);
  const { link } = start(json("unverified"));
  assert.deepEqual([link?.url.tls, link?.url.port], [1, 443]);
});

const KEY = "00112233445566778899aabbccddeeff";
const psk = (more: object, url = "wss://b") => ({ wifi: { ssid: "h" }, mqtt: { url, tls: { psk: more } } });

test("boot: a pre-shared key becomes part of the target, and the log says what it is worth", () => {
  for (const key of [KEY, "ABEiM0RVZneImaq7zN3u/w==", "00".repeat(64)]) {
    const { link, board } = start(psk({ identity: "garden-7", key }));
    assert.equal(link?.url.psk?.identity, "garden-7");
    assert.equal(link?.url.psk?.key.length, key.length > 64 ? 64 : 16);
    const said = / 2 boot wss: server authenticated by a pre-shared key, no forward secrecy$/;
    assert.equal(board.lines.filter((line) => said.test(line)).length, 1);
    assert.doesNotMatch(board.text, /NOT authenticated|00112233|ABEiM0/);
  }
  assert.doesNotMatch(start({ wifi: { ssid: "h" }, mqtt: { url: "ws://b" } }).board.text, /wss:/);
});

test("boot: a wrong pre-shared key is named by its key, and never quoted", () => {
  for (const [more, ...keys] of [
    [{}, "mqtt.tls.psk.identity", "mqtt.tls.psk.key"],
    [{ identity: "", key: KEY }, "mqtt.tls.psk.identity"],
    [{ identity: x(129), key: KEY }, "mqtt.tls.psk.identity"],
    [{ identity: "a\0b", key: KEY }, "mqtt.tls.psk.identity"],
    [{ identity: 7, key: KEY }, "mqtt.tls.psk.identity"],
    [{ identity: "a" }, "mqtt.tls.psk.key"],
    [{ identity: "a", key: KEY.slice(2) }, "mqtt.tls.psk.key"],
    [{ identity: "a", key: "00".repeat(65) }, "mqtt.tls.psk.key"],
    [{ identity: "a", key: "no secret" }, "mqtt.tls.psk.key"],
    [{ identity: "a", key: 1 }, "mqtt.tls.psk.key"],
  ] as const) {
    const refused = start(psk(more));
    assertRefused(refused, [...keys]);
    assert.doesNotMatch(refused.board.text, /112233445566|no secret/);
  }
  const unknown = start(psk({ identity: "a", key: KEY, keys: 1 }));
  assert.match(unknown.board.text, /warning: unknown key mqtt\.tls\.psk\.keys, ignored/);
});

test("boot: a pre-shared key with ws:// is refused: it would protect nothing", () => {
  const refused = start(psk({ identity: "a", key: KEY }, "ws://b"));
  assertRefused(refused, ["mqtt.tls"]);
  assert.match(refused.board.text, /expected nothing with ws:\/\/: write wss:\/\/ in the URL/);
});

test("boot: a password over ws:// to another network is warned about, in the local network it is not", () => {
  const warned = (url: string) =>
    /2 config warning: mqtt\.url sends a password over ws/.test(
      start({ wifi: { ssid: "h" }, mqtt: { url, tls: "unverified" } }).board.text,
    );
  for (const host of ["b.example.com", "8.8.8.8", "[2001:db8::1]"]) {
    assert.equal(warned(`ws://u:p@${host}`), true, host);
    assert.equal(warned(`wss://u:p@${host}`), false, host);
    assert.equal(warned(`ws://${host}/?x=y`), false, host);
  }
  for (const host of ["broker", "broker.local", "10.0.0.1", "[fe80::1]"])
    assert.equal(warned(`ws://u:p@${host}`), false, host);
});

test("boot: a board without a source of randomness logs that once", () => {
  const board = new FakeBoard();
  board.entropy = 0;
  board.files["config.json"] = JSON.stringify({ wifi: { ssid: "h" }, mqtt: { url: "ws://b" }, log: 0 });
  boot(board, hello, full);
  board.radio.joined("");
  assert.deepEqual(
    board.log.filter((line) => /chance/.test(line)),
    ["2 boot no source of chance is known on this board: ids, masks and keys can be guessed"],
  );
});

test("boot: a kept session without mqtt.clientId is refused", () => {
  const json = (clientId: string) => ({
    wifi: { ssid: "h" },
    mqtt: { url: "ws://b", cleanSession: false, clientId },
  });
  assertRefused(start(json("")), ["mqtt.clientId"]);
  assert.ok(start(json("me")).link);
});

test("boot: several mistakes have one line each", () => {
  const json = { wifi: {}, mqtt: { url: "http://b", will: {}, keepAlive: "x" }, app: { qos: 7 }, log: 9 };
  const { board, link } = start(json);
  assert.equal(link, undefined);
  for (const key of ["wifi.ssid", "mqtt.url", "mqtt.will.topic", "mqtt.keepAlive", "app.qos", "log"]) {
    assert.equal(board.log.filter((line) => line.startsWith(`1 config ${key}: `)).length, 1, key);
  }
  assert.equal(board.lines.length, 6);
});

test("boot: at log level 0 mistakes are logged, too", () => {
  assert.match(start({ wifi: {}, mqtt: { url: "ws://b" }, log: 0 }).board.text, /wifi\.ssid/);
});

test("boot: unknown keys are warned about, and the link starts", () => {
  const json = { wifi: { ssid: "h", Password: "secret" }, mqtt: { url: "ws://b", user: "secret" }, wlan: {} };
  const { board, link } = start(json);
  assert.ok(link);
  for (const key of ["wifi.Password", "mqtt.user", "wlan"]) {
    assert.equal(board.log.filter((line) => line.includes(`unknown key ${key}`)).length, 1, key);
  }
  assert.doesNotMatch(board.text, /secret/);
});

test("boot: a key that stands twice has its last value", () => {
  const { link, board } = start(
    '{"wifi":{"ssid":"a"},"mqtt":{"url":"bad","url":"ws://b"},"wifi":{"ssid":"b"}}',
  );
  assert.ok(link);
  assert.equal(board.joins[0]?.network.ssid, "b");
});

test("boot: the firmware seeds random numbers, logs its version, and joins the Wi-Fi", () => {
  const { board } = start(withKey("wifi.ssid", "home"));
  assert.equal(board.seeds, 1);
  assert.deepEqual(board.lines, [`0 2 boot hello ${VERSION} full esp32-0102-0304`, "0 2 wifi Joining home"]);
  assert.ok(board.second);
});

test("boot: below log level 2 a good start logs nothing, from level 2 on two lines", () => {
  for (const [level, lines] of [2, 2, 2, 2, 2].entries()) {
    assert.equal(start(withKey("log", level)).board.lines.length, level < 2 ? 0 : lines);
  }
});

test("boot: the link keeps of the configuration what CONNECT says, and the conversation copies its limits", () => {
  const { link } = booted(noting([]), {
    mqtt: { clientId: "id", maxInflight: 3, outbox: { messages: 5 }, headers: { "X-A": "b" }, mask: "zero" },
  });
  const { login, client } = link;
  assert.deepEqual(Object.keys(login).sort(), ["cleanSession", "clientId", "keepAlive", "password", "user"]);
  assert.equal(client.inflightLimit, 3);
  assert.deepEqual([client.messageLimit, client.byteLimit], [5, 8192]);
  assert.ok(!("config" in link));
});
