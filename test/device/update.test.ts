// An update through the broker, on a virtual board and mosquitto: the board loads a signed program in blocks, tries it, and
// keeps it once the link is up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../board/virtual/program.ts";
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
