// An update through the broker, on a virtual board and mosquitto: the board loads a signed program in blocks, tries it, and
// keeps it once the link is up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../board/virtual/program.ts";
import { Decoder } from "../../tools/monitor/decode.ts";
import { missing } from "../brokers/mosquitto.ts";
import { nextProgram, PUBLIC_KEY, publish, published } from "./publisher.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const STATE = `${PREFIX}update`;

for (const profile of ["", "-v5", "-lean"] as const)
  test(`device${profile}: a program is offered, installed by a command, and proven`, { skip }, async (t) => {
    const it = await rig(t, { profile, device: { update: { key: PUBLIC_KEY } } });
    const next = nextProgram(`dist/device${profile}.js`);
    await publish(it.client, published(next, { transport: profile === "-lean" ? "lean" : "ws" }));
    const offered = JSON.parse(await it.heard(STATE, /available/));
    assert.equal(offered.latest_version, "0.2.0");
    assert.equal(offered.in_progress, false);
    const from = it.said.length;
    assert.deepEqual(await it.ask("update", "install"), { ok: true });
    await it.heard(STATE, /"trying"/);
    await it.heard(STATE, /"done"/);
    assert.equal(it.board.boots, 2);
    const steps = it.said.slice(from).filter(({ topic }) => topic === STATE);
    const told = steps.map(({ payload }) => JSON.parse(payload));
    assert.deepEqual(
      told.map(({ state, update_percentage }) => `${state} ${update_percentage}`),
      ["checking null", "loading 0", "loading 25", "loading 50", "loading 75", "trying null", "done null"],
    );
    assert.ok(it.board.flash.has(`fw.${nameOf(next).slice(0, 8)}`));
    const sent = it.said.slice(from).filter(({ topic }) => topic.startsWith(PREFIX) && !/cmd/.test(topic));
    assert.ok(sent.length <= 12, sent.map(({ topic, payload }) => `${topic} ${payload}`).join("\n"));
  });

test("a block costs five packets at most besides itself", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key: PUBLIC_KEY } }, more: { log: 4 } });
  const update = published(nextProgram("dist/device.js"));
  await publish(it.client, update);
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /"trying"/);
  const decoder = new Decoder();
  const packets = it.board.lines
    .flatMap((line) => decoder.take(/ 4 wire (.*)$/.exec(line)?.[1] ?? "") ?? [])
    .filter((words) => !words.includes("WebSocket"));
  const isBlock = (words: string) => words.startsWith("< PUBLISH") && words.includes(`/${update.folder}/`);
  const [first, last] = [packets.findIndex(isBlock), packets.findLastIndex(isBlock)];
  const blocks = packets.filter(isBlock).length;
  assert.ok(blocks > 100, `${blocks} of ${update.blocks.size}`);
  const others = last - first + 1 - blocks;
  assert.ok(others <= 5 * blocks, `${others} packets for ${blocks} blocks`);
});
