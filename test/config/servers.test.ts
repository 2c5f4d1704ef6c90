// mqtt.url as a list: judged by entry, each mistake under the key of its entry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../src/config/boot";
import { full } from "../../src/profile/full";
import { FakeBoard } from "../support/fake-board.ts";

const KEY = "00112233445566778899aabbccddeeff";
const PSK = { psk: { identity: "me", key: KEY } };

function judged(mqtt: object) {
  const mistakes: string[] = [];
  const config = JSON.parse(JSON.stringify({ wifi: { ssid: "home" }, mqtt, app: {} }));
  const report = (key: string, wrong: string) => void mistakes.push(`${key}: ${wrong}`);
  const url = judge(new FakeBoard(), report, { profile: full, ownKeys: { app: {} } }, config);
  const urls = [];
  for (let it = url; it && urls.length < 9; it = it.next === url ? undefined : it.next) urls.push(it);
  return { mistakes, urls };
}

test("servers: texts and objects become a ring, mqtt.tls is the default of those with wss://", () => {
  const own = { psk: { identity: "other", key: KEY } };
  const { mistakes, urls } = judged({
    url: ["wss://a", { url: "wss://b" }, { url: "wss://c", tls: own }, "ws://d"],
    tls: PSK,
  });
  assert.deepEqual(mistakes, []);
  assert.deepEqual(
    urls.map(({ host, psk }) => [host, psk?.identity, psk?.key.length]),
    [
      ["a", "me", 16],
      ["b", "me", 16],
      ["c", "other", 16],
      ["d", undefined, undefined],
    ],
  );
  assert.equal(urls.at(-1)!.next, urls[0]);
});

test("servers: a list of one is a single server", () => {
  const { urls } = judged({ url: ["ws://a"] });
  assert.deepEqual([urls.length, urls[0]!.next], [1, undefined]);
});

const WRONG: [what: string, mqtt: object, mistake: RegExp][] = [
  ["no entry", { url: [] }, /^mqtt\.url: expected a text, or a list of 1\.\.4 servers$/],
  ["five", { url: Array(5).fill("ws://a") }, /^mqtt\.url: expected a text, or a list of 1\.\.4/],
  ["a number", { url: ["ws://a", 7] }, /^mqtt\.url\[1\]: expected text of 1\.\./],
  ["nothing", { url: [null] }, /^mqtt\.url\[0\]: expected text of 1\.\./],
  ["a list in it", { url: [["ws://a"]] }, /^mqtt\.url\[0\]: expected a text$/],
  ["a bad text", { url: ["ws://a", "http://b"] }, /^mqtt\.url\[1\]: .*it must begin with ws:/],
  ["a bad url", { url: [{ url: "ws://a:0" }] }, /^mqtt\.url\[0\]\.url: .*port/],
  ["no url", { url: [{ tls: PSK }] }, /^mqtt\.url\[0\]\.url: expected text/],
  ["an unknown key", { url: [{ url: "ws://a", port: 1 }] }, /^mqtt\.url\[0\]\.port: $/],
  ["wss without tls", { url: ["ws://a", "wss://b"] }, /^mqtt\.url\[1\]\.tls: expected .*psk/],
  ["ws with its own tls", { url: [{ url: "ws://a", tls: PSK }] }, /^mqtt\.url\[0\]\.tls: expected nothing/],
  ["mqtt.tls for nobody", { url: ["ws://a"], tls: PSK }, /^mqtt\.tls: expected nothing with ws/],
  ["a bad form", { url: [{ url: "wss://a", tls: 1 }] }, /^mqtt\.url\[0\]\.tls: expected \{"psk"/],
  [
    "a bad key",
    { url: ["ws://a", "ws://b", { url: "wss://c", tls: { psk: { identity: "me", key: "short" } } }] },
    /^mqtt\.url\[2\]\.tls\.psk\.key: expected/,
  ],
  ["a bad default", { url: ["wss://a"], tls: { psk: 1 } }, /^mqtt\.tls\.psk: expected an object/],
];

for (const [what, mqtt, mistake] of WRONG)
  test(`servers: ${what} is a mistake, named by its key`, () => {
    assert.match(judged(mqtt).mistakes.join("\n"), mistake);
  });
