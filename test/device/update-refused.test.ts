// Updates that a device does not take: for another board, old, not signed, incomplete. Each ends with one line and one state,
// and the old program runs on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { manifestOf, nextProgram, OTHER_KEY, PUBLIC_KEY, publish, published } from "./publisher.ts";
import { PREFIX, type Rig, rig } from "./rig.ts";

const skip = missing("mosquitto");
const STATE = `${PREFIX}update`;
const CHANNEL = "devices/update/stable";
const NEXT = nextProgram("dist/device.js");
const retained = { retain: true } as const;
const update = { key: PUBLIC_KEY };

/** The state that is told next. */
async function told(it: Rig, state: RegExp, from = 0): Promise<Record<string, unknown>> {
  return JSON.parse(await it.heard(STATE, state, from));
}

function programsOf(it: Rig): string[] {
  return [...it.board.flash.keys()].filter((name) => /^fw\.[0-9a-f]{8}$/.test(name));
}

test("a manifest that is not for this board: refused with a reason before a byte is loaded", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update } });
  const [, boot, size] = manifestOf(NEXT).match(/"program":"\w+ (\d+) (\d+)"/)!;
  for (const [manifest, why] of [
    [manifestOf(NEXT, { product: "other" }), /another product/],
    [manifestOf(NEXT, { app: "hello" }), /another application/],
    [manifestOf(NEXT, { transport: "lean" }), /another transport: expected ws/],
    [manifestOf(NEXT, { oldest: "3v00" }), /it is for Espruino 3v00\.\.2v40, and this board has 2v/],
    [manifestOf(NEXT, { newest: "2v10" }), /it is for Espruino 2v20\.\.2v10/],
    [
      manifestOf(NEXT, { program: `0000000a ${boot} 600000` }),
      /Storage has \d+ bytes free: expected 1200128/,
    ],
    [manifestOf(NEXT, { program: `0000000a ${size}` }), /the manifest's program is not as expected/],
    [manifestOf(NEXT, { program: `0000000a ${size} ${boot}` }), /the manifest's program/],
    [manifestOf(NEXT, { sha256: "12" }), /the manifest's sha256/],
    [manifestOf(NEXT, { version: "" }), /the manifest's version/],
    [manifestOf(NEXT, { counter: 0 }), /the manifest's counter/],
    [manifestOf(NEXT, { counter: 1.5 }), /the manifest's counter/],
    [manifestOf(NEXT, { oldest: "new" }), /the manifest's oldest/],
    [manifestOf(NEXT, { newest: 3 }), /the manifest's newest/],
    [manifestOf(NEXT, { share: 101 }), /the manifest's share/],
    [manifestOf(NEXT, { more: "x".repeat(512) }), /the manifest has \d+ bytes: expected at most 512/],
    ["nonsense", /the manifest is not JSON/],
    ["[1]", /the manifest is not JSON/],
  ] as const) {
    const [from, lines] = [it.said.length, it.board.lines.length];
    await it.send(CHANNEL, manifest, retained);
    const state = await told(it, /refused/, from);
    assert.match(state.why as string, why);
    assert.equal(state.installed_version, state.latest_version);
    const logged = it.board.lines.slice(lines).filter((line) => / [01] /.test(line));
    assert.equal(logged.length, 1, logged.join("\n"));
    assert.match(logged[0]!, /1 update refused: /);
  }
  assert.equal(it.board.boots, 1);
  assert.equal(programsOf(it).length, 1);
});

test("a wrong key: refused after the check, and not loaded again after a restart", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key: OTHER_KEY } } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  const state = await told(it, /refused/);
  assert.equal(state.why, "its signature is not by the key in device.update.key");
  assert.equal(state.refused_version, "0.2.0");
  assert.ok(!it.board.flash.has("update.sig"));
  assert.equal(programsOf(it).length, 1);
  const from = it.said.length;
  it.board.reboot();
  assert.equal((await told(it, /refused/, from)).why, state.why);
  await it.pass(15_000);
  const states = it.said.slice(from).filter(({ topic }) => topic === STATE);
  assert.equal(states.length, 1);
});

test("a broker that forgets half of the blocks: the update ends, and install goes on when they are back", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update } });
  const whole = published(NEXT);
  const half = [...whole.blocks].filter(([name]) => name.startsWith("s") || +name < 40);
  await publish(it.client, { ...whole, blocks: new Map(half) });
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  const state = await told(it, /refused/);
  assert.equal(state.why, "block 40 did not come within 60 s");
  assert.equal(it.board.boots, 1);
  await publish(it.client, whole);
  const from = it.said.length;
  await it.ask("update", "install");
  await it.heard(STATE, /"loading","installed.*:25\}/, from);
  await it.heard(STATE, /"done"/);
});

test("a block of the wrong length, and a program that is not the manifest's: the update ends", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update } });
  const whole = published(NEXT);
  const { blocks } = whole;
  const first = blocks.get("0")!;
  const changed = Buffer.concat([first.subarray(0, 1023), Buffer.from("?")]);
  await publish(it.client, { ...whole, blocks: new Map(blocks).set("3", first.subarray(1)) });
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  assert.equal((await told(it, /refused/)).why, "block 3 has 1023 bytes: expected 1024");
  await publish(it.client, { ...whole, blocks: new Map(blocks).set("5", changed) });
  const from = it.said.length;
  await it.ask("update", "install");
  assert.equal((await told(it, /refused/, from)).why, "its SHA-256 is not that of the manifest");
  assert.equal(it.board.boots, 1);
  assert.equal(programsOf(it).length, 1);
});

test("an old manifest is published again after an update: its counter is refused", { skip }, async (t) => {
  const it = await rig(t, { device: { update } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /"done"/);
  await it.send(CHANNEL, manifestOf(nextProgram("dist/device.js", "older"), { counter: 6 }), retained);
  const state = await told(it, /refused/);
  assert.equal(state.why, "its counter 6 is old: expected more than 7");
});
