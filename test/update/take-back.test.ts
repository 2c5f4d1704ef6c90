// What is cleared, and what is left alone. Nothing here is signed: clearing needs no key.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Broker, type Message } from "../../tools/update/broker.ts";
import { manifestBytes } from "../../tools/update/manifest.ts";
import { clear } from "../../tools/update/take-back.ts";
import { manifestTopic, programTopic, signatureTopic } from "../../tools/update/topics.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { BASE, BROKERS, embedded, failure, keptAt, manifest, scratch, update } from "./rig.ts";

/** A published program, its blocks and its signature of one byte each. */
function published(channel: string, digit: string, counter = 1): Message[] {
  const sha256 = digit.repeat(64);
  const block = Buffer.from("x");
  return [
    ...[0, 1, 2].map((i): Message => [`${programTopic(BASE, sha256)}/${i}`, block]),
    ...[0, 1].map((i): Message => [signatureTopic(BASE, sha256, i), block]),
    [manifestTopic(BASE, channel), manifestBytes({ ...manifest(counter), sha256 })],
  ];
}

/** Messages of others, which no command of ours may clear. */
const OTHERS: Message[] = [
  "devices/kitchen/update",
  "devices/kitchen/status",
  "devices/update/readme/first",
  "devices/update/0123456789abcdef/0/1",
].map((topic) => [topic, Buffer.from("theirs")]);

const keep = (url: string, messages: Message[]) => Broker.with(url, (broker) => broker.keep(messages));

async function clearOn(url: string, channel = "stable", older = false): Promise<string[]> {
  const said: string[] = [];
  await Broker.with(url, (broker) =>
    clear(broker, { base: BASE, channel, older }, (text) => said.push(text)),
  );
  return said;
}

for (const [name, skip, start] of BROKERS.filter(([name]) => name.includes("mqtt://"))) {
  test(`${name}: the channel and older programs are cleared, another channel and other topics stay`, {
    skip,
  }, async (t) => {
    const url = await start(t);
    const beta = published("beta", "b");
    // Published on stable before, and replaced: no manifest names it.
    const older = published("stable", "c").slice(0, -1);
    await keep(url, [...OTHERS, ...beta, ...older, ...published("stable", "a", 7)]);
    assert.deepEqual(await clearOn(url), [
      "taking back counter 7 from stable: publish the next one with --counter 8, or higher",
      "cleared 10 blocks",
    ]);
    assert.deepEqual(await keptAt(url), new Map([...OTHERS, ...beta]));
  });
}

test("a program that another channel names stays", async (t) => {
  const { url } = await embedded(t);
  await keep(url, [...published("stable", "a"), ...published("beta", "a")]);
  await clearOn(url);
  assert.deepEqual(await keptAt(url), new Map(published("beta", "a")));
});

test("--older: the channel stays, programs that no channel names are cleared", async (t) => {
  const { url } = await embedded(t);
  const stable = published("stable", "a");
  await keep(url, [...stable, ...published("stable", "c").slice(0, -1)]);
  assert.deepEqual(await clearOn(url, "stable", true), ["cleared 5 blocks"]);
  assert.deepEqual(await keptAt(url), new Map(stable));
});

test("a manifest of another channel that is not understood: no block is cleared, and it says why", async (t) => {
  const { url } = await embedded(t);
  const beta: Message = [manifestTopic(BASE, "beta"), Buffer.from("{}")];
  const stable = published("stable", "a");
  await keep(url, [beta, ...stable]);
  const said = await clearOn(url);
  assert.match(
    said.join("\n"),
    /warning: no blocks are cleared, because devices\/update\/beta is not understood: its "product"/,
  );
  assert.deepEqual(await keptAt(url), new Map([beta, ...stable.slice(0, -1)]));
});

test("a manifest of this channel that is not understood is cleared", async (t) => {
  const { url } = await embedded(t);
  await keep(url, [[manifestTopic(BASE, "stable"), Buffer.from("{}")]]);
  assert.match((await clearOn(url))[0]!, /what is on stable is no manifest .*: it is cleared/);
  assert.deepEqual(await clearOn(url), ["nothing is published on stable", "cleared 0 blocks"]);
});

test("a broker whose rules forbid to clear: a failure, exit code 25", {
  skip: missing("mosquitto"),
}, async (t) => {
  const { url, forbid } = await forbidding(t);
  await keep(url, published("stable", "a"));
  await forbid();
  await assert.rejects(
    clearOn(url),
    failure("denied", /refused the message to devices\/update\/stable, reason 0x87/),
  );
});

/** A mosquitto that allows everything, until it is told to forbid writing. */
async function forbidding(t: TestContext) {
  const rules = join(scratch(), "rules");
  const write = (text: string) => writeFileSync(rules, text, { mode: 0o600 });
  write("topic readwrite #\n");
  const broker = await Mosquitto.start({ persistence: true, lines: [`acl_file ${rules}`] });
  t.after(() => broker.stop());
  const forbid = () => {
    write("topic read #\n");
    return broker.restart();
  };
  return { url: `mqtt://127.0.0.1:${broker.ports.tcp}`, forbid };
}

test("the command: exit code 0", async (t) => {
  const { url } = await embedded(t);
  await keep(url, published("stable", "a"));
  const { code, out, err } = await update(t, ["take-back", "--url", url]).ended;
  assert.equal(code, 0, err);
  assert.match(out, /^taking back counter 1 from stable: .*\ncleared 5 blocks\n$/);
  assert.equal((await keptAt(url)).size, 0);
});
