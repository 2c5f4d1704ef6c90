// Passwords, user names and tokens never appear on the console: whatever is wrong with the configuration, and on the
// whole way up and down at every level of the log, in plain or in hex.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hello } from "../../src/app/hello";
import { boot } from "../../src/link/power-on";
import { full } from "../../src/profile/full";
import { climb, deliver, MQTT, TCP } from "../support/climb.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { closeFrame, hex, reply } from "../ws/server.ts";

const SECRETS = ["s3cret-user", "s3cret-pass", "s3cret-token", "s3cret-wifi", "s3cret-key"];
const URL = "ws://s3cret-user:s3cret-pass@broker:81/mqtt?token=s3cret-token";

/** A board that booted with this configuration. */
function booted(json: unknown): FakeBoard {
  const board = new FakeBoard();
  board.files["config.json"] = typeof json === "string" ? json : JSON.stringify(json);
  boot(board, hello, full);
  return board;
}

function config(log: number, mqtt: object = {}, wifi: object = {}) {
  return {
    wifi: { ssid: "home", password: "s3cret-wifi", ...wifi },
    mqtt: { url: URL, headers: { "X-Key": "s3cret-key" }, ...mqtt },
    log,
  };
}

/** Fails if a secret, or five bytes of one, stands on the console, in plain or in the hexdump. */
function assertSilent(board: FakeBoard): void {
  const dumped = board.lines
    .map((line) => / 4 wire [<>]((?: [0-9a-f]{2})+)$/.exec(line)?.[1] ?? "")
    .join("")
    .replace(/ /g, "");
  const bytes = Buffer.from(dumped, "hex").toString("latin1");
  for (const secret of SECRETS) {
    for (let at = 0; at + 5 <= secret.length; at++) {
      const part = secret.slice(at, at + 5);
      assert.ok(!board.text.includes(part), `${part} in\n${board.text}`);
      assert.ok(!bytes.includes(part), `${part} in the hexdump of\n${board.text}`);
    }
  }
}

for (const level of [0, 1, 2, 3, 4]) {
  test(`secrets: the link climbs and falls at level ${level}, no secret is logged`, () => {
    const board = booted(config(level, { will: { topic: "t", payload: "bye" } }));
    climb(board, MQTT);
    assert.ok(board.writes.length, "it is up");
    deliver(board, hex("90 03 0001 01"));
    board.seconds(10);
    board.radio.left("gone");
    board.seconds(2);
    climb(board, MQTT);
    board.line.data(closeFrame(1001));
    assertSilent(board);
  });

  test(`secrets: Wi-Fi, server and broker refuse at level ${level}, no secret is logged`, () => {
    const board = booted(config(level));
    board.radio.joined("bad password");
    board.seconds(1);
    climb(board, TCP);
    board.line.data(reply([], "HTTP/1.1 401 Unauthorized: s3cret-key"));
    board.seconds(2);
    board.line.closed("host not found");
    board.seconds(4);
    climb(board, MQTT - 1, 1);
    deliver(board, hex("20 02 00 04"));
    assertSilent(board);
  });
}

test("secrets: the hexdump of CONNECT has stars of the same length, and the wire has the secrets", () => {
  const board = booted(config(4));
  climb(board, MQTT - 1);
  const connect = board.sent()[0]!.payload;
  assert.ok(connect.includes("s3cret-user") && connect.includes("s3cret-pass"));
  assert.match(board.text, / 2a 2a 2a 2a/);
  assertSilent(board);
});

test("secrets: a wrong mqtt.url is refused and not quoted", () => {
  const user = "s3cret-user";
  const pass = "s3cret-pass";
  for (const url of [
    `http://${user}:${pass}@h`,
    `${user}:${pass}@h`,
    `wss://${user}:${pass}@h`,
    `ws://${user}:${pass}`,
    `ws://${user}:${pass}@`,
    `ws://${user}:${pass}@h:99999`,
    `ws://${user}:${pass}@h:port`,
    `ws://${user}:${pass}%@h`,
    `ws://${user}:${pass}@@h`,
    `ws://${user}:1/${pass}@h`,
    `ws://${user}:1?${pass}@h`,
    `ws://${user}:1#${pass}@h`,
    `ws://${user}/${pass}@h`,
    `ws://${user}:${pass} @h`,
    `ws://${user}:${pass}\n@h`,
    `ws://${user}%ff:${pass}@h`,
    `ws://${user}:${pass}@[::1`,
    `ws://h/#${pass}`,
    `ws://h ?${pass}`,
    `ws://${pass}\xff@h`,
    [`ws://${user}:${pass}@h`, `http://${user}:${pass}@h`],
    [{ url: `ws://${user}:${pass}@h h` }],
    { ws: pass },
  ]) {
    const board = booted(config(4, { url }));
    assert.equal(board.joins.length, 0, `${url} is refused`);
    assertSilent(board);
  }
});

test("secrets: a wrong value of any other key is refused and not quoted", () => {
  for (const secret of [["s3cret-wifi"], { a: "s3cret-wifi" }, "s3cret-wifi".repeat(9), "s3cret-wifi\xff"]) {
    for (const key of ["password", "ssid", "hostname"]) {
      const board = booted(config(4, {}, { [key]: secret }));
      assert.equal(board.joins.length, 0);
      assertSilent(board);
    }
  }
  for (const json of [
    "s3cret-pass",
    ["s3cret-pass"],
    { wifi: "s3cret-wifi", mqtt: URL },
    { mqtt: { url: { a: URL } } },
  ]) {
    assertSilent(booted(json));
  }
  assertSilent(booted(`{"wifi": {"password": "s3cret-wifi"}, "mqtt": {"url": "${URL}"`));
  assertSilent(
    booted({ password: "s3cret-pass", wifi: { pass: "s3cret-wifi" }, mqtt: { password: "s3cret-pass" } }),
  );
});

test("secrets: the server echoes the request or the login, the log has stars", () => {
  const status = booted(config(4, { url: URL }));
  climb(status, TCP);
  status.line.data(reply([], "HTTP/1.1 404 no s3cret-token, no s3cret-pass"));
  assert.match(status.log.join(), /404 no \*, no \*:/);
  assertSilent(status);
  const echoing = booted(config(4, { url: URL }));
  climb(echoing, MQTT);
  deliver(echoing, hex("90 03 0001 01"));
  const echo = "s3cret-token s3cret-pass s3cret-user";
  deliver(echoing, `${hex("30 2d 0007")}mg/test${echo}`);
  assert.match(echoing.log.join("\n"), /RECEIVED \* \* \* <-/);
  assertSilent(echoing);
  const closing = booted(config(3, { url: URL }));
  climb(closing, MQTT);
  closing.line.data(closeFrame(1008, "no s3cret-pass here"));
  assert.match(closing.log.join(), /1008 no \* here/);
  assertSilent(closing);
});
