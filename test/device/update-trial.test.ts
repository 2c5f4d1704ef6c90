// Programs that do not work, updates that begin by themselves, and the owner's commands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../board/virtual/program.ts";
import { VERSION } from "../../src/config/boot";
import { missing } from "../brokers/mosquitto.ts";
import { manifestOf, nextProgram, PUBLIC_KEY, publish, published } from "./publisher.ts";
import { PREFIX, type Rig, rig } from "./rig.ts";

const skip = missing("mosquitto");
const STATE = `${PREFIX}update`;
const NEXT = nextProgram("dist/device.js");
const key = PUBLIC_KEY;
const PADDING = `/*${"x".repeat(3000)}*/\n`;

/** More than the longest random delay. */
const AUTO_MS = 610_000;

function programsOf({ board }: Rig): string[] {
  return [...board.flash.keys()].filter((name) => /^fw\.[0-9a-f]{8}$/.test(name));
}

function statesOf(it: Rig, from = 0): string[] {
  const states = it.said.slice(from).filter(({ topic }) => topic === STATE);
  return states.map(({ payload }) => JSON.parse(payload).state);
}

for (const [what, code, why] of [
  ["does not parse", "var x = ;", /is given up: /],
  ["throws when it starts", 'throw new Error("no such pin");', /is given up: Error: no such pin/],
  ["restarts itself", "setTimeout(function(){ESP32.reboot()},5000);", /started 2 times, and did not come up/],
  ["does nothing, and the watchdog ends it", "var x=1;", /started 2 times, and did not come up/],
] as const)
  test(`a program that ${what}: rolled back, and told with the reason`, { skip }, async (t) => {
    const it = await rig(t, { device: { update: { key } } });
    const before = programsOf(it);
    await publish(it.client, published(code + PADDING));
    await it.heard(STATE, /available/);
    await it.ask("update", "install");
    const state = JSON.parse(await it.heard(STATE, /rolled back/));
    assert.match(state.why, why);
    assert.equal(state.latest_version, "0.2.0");
    assert.equal(state.installed_version, VERSION);
    assert.deepEqual(programsOf(it), before);
  });

test("a program that was rolled back: taken again by the command, or with a higher counter, not by itself", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key, auto: true } } });
  const code = `throw "bad";${PADDING}`;
  await publish(it.client, published(code));
  await it.heard(STATE, /trying/);
  await it.heard(STATE, /rolled back/);
  const boots = it.board.boots;
  let from = it.said.length;
  it.board.reboot();
  await it.heard(STATE, /rolled back/, from);
  await it.pass(AUTO_MS);
  assert.equal(it.board.boots, boots + 1);
  assert.deepEqual(statesOf(it, from), ["rolled back"]);
  await it.ask("update", "install");
  await it.heard(STATE, /trying/, from);
  from = it.said.length;
  await it.heard(STATE, /rolled back/, from);
  from = it.said.length;
  await publish(it.client, published(code, { counter: 8 }));
  await it.heard(STATE, /trying/, from);
  await it.heard(STATE, /rolled back/, from);
});

test("a program whose link does not come up: rolled back after its deadline", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key } } });
  // It asks for another subprotocol, which the broker does not speak.
  const deaf = NEXT.replace('protocol:"mqtt"', 'protocol:"mqtx"');
  assert.notEqual(deaf, NEXT);
  await publish(it.client, published(deaf));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  const state = JSON.parse(await it.heard(STATE, /rolled back/));
  assert.match(state.why, /is given up: not connected for 120 s/);
});

test("auto: begins after a random time, without a command", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key, auto: true } } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.heard(STATE, /"done"/);
  assert.ok(it.board.flash.has(`fw.${nameOf(NEXT).slice(0, 8)}`));
});

test("auto with a share: boards outside of it wait, and obey the command", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key, auto: true } } });
  await publish(it.client, published(NEXT, { share: 1 }));
  await it.heard(STATE, /available/);
  await it.pass(AUTO_MS);
  assert.deepEqual(statesOf(it), ["available"]);
  await it.ask("update", "install");
  await it.heard(STATE, /"done"/);
});

test("cancel: while the board waits, checks, or loads; it does not begin again by itself", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key, auto: true } } });
  assert.match((await it.ask("update", "cancel")).error!, /no update to cancel/);
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  for (const state of [/available/, /checking/, /loading/]) {
    const from = it.said.length;
    if (state.source !== "available") await it.ask("update", "install");
    if (state.source !== "available") await it.heard(STATE, state, from);
    assert.deepEqual(await it.ask("update", "cancel"), { ok: true });
    await it.heard(STATE, /available","why":"cancelled"/, from);
  }
  const from = it.said.length;
  it.board.reboot();
  await it.heard(STATE, /cancelled/, from);
  await it.pass(AUTO_MS);
  assert.deepEqual(statesOf(it, from), ["available"]);
});

test("commands: check tells the state again; mistakes and a missing key are answered", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key } } });
  await it.heard(STATE, /idle/);
  let from = it.said.length;
  assert.deepEqual(await it.ask("update", "check"), { ok: true });
  await it.heard(STATE, /idle/, from);
  await publish(it.client, { ...published(NEXT), blocks: new Map() });
  from = it.said.length;
  assert.deepEqual(await it.ask("update", "check"), { ok: true });
  await it.heard(STATE, /available/, from);
  assert.match((await it.ask("update", "now")).error!, /^expected check, install or cancel$/);
  await it.ask("update", "install");
  assert.match((await it.ask("update", "install")).error!, /^an update is under way: expected cancel$/);
  const other = await rig(t);
  assert.match((await other.ask("update", "check")).error!, /^expected device\.update in config\.json/);
});

test("a manifest that is taken back while the board loads: the update ends", { skip }, async (t) => {
  const it = await rig(t, { device: { update: { key } } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /checking/);
  const from = it.said.length;
  await it.send("devices/update/stable", "", { retain: true });
  await it.heard(STATE, /idle/, from);
  await it.line(/update the update to 0\.2\.0 is taken back/);
  it.board.reboot();
  await it.pass(30_000);
  assert.deepEqual(statesOf(it, from), ["idle", "idle"]);
});

test("a newer manifest while the board loads: the older update ends, the newer one is offered", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key } } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /checking/);
  const from = it.said.length;
  const other = manifestOf(nextProgram("dist/device.js", "newer"), { counter: 8, version: "0.3.0" });
  await it.send("devices/update/stable", other, { retain: true });
  assert.match(await it.heard(STATE, /available/, from), /0\.3\.0/);
});

test("Home Assistant: an update entity that may install, unless commands have to be signed", {
  skip,
}, async (t) => {
  for (const sign of [undefined, { key: "0123456789abcdef0123456789abcdef" }]) {
    const it = await rig(t, {
      device: { update: { key }, discovery: "homeassistant" },
      more: { ...(sign && { sign }) },
    });
    const { cmps } = JSON.parse(await it.heard("homeassistant/device/lamp/config", /cmps/));
    const { p, stat_t, cmd_t, pl_inst, val_tpl } = cmps.update;
    assert.deepEqual({ p, stat_t }, { p: "update", stat_t: STATE });
    assert.deepEqual([cmd_t, pl_inst], sign ? [undefined, undefined] : [`${PREFIX}cmd/update`, "install"]);
    assert.match(val_tpl, /'installed_version':value_json\.installed_version/);
  }
});

test("device.update in config.json: each mistake is named, and a board that is called update is refused", {
  skip,
}, async (t) => {
  const it = await rig(t);
  for (const [change, error] of [
    [{ update: {} }, /^device\.update\.key: expected the public key of 32 bytes/],
    [{ update: { key: key.slice(2) } }, /^device\.update\.key: expected the public key of 32 bytes/],
    [{ update: { key, channel: "a/b" } }, /^device\.update\.channel: expected 1\.\.32 letters, digits and -/],
    [{ update: { key, channel: "status" } }, /^device\.update\.channel: expected a name that is no topic/],
    [{ update: { key, auto: 1 } }, /^device\.update\.auto: expected true or false/],
    [{ id: "update" }, /^device\.id: expected a name that is not update/],
  ] as const)
    assert.match((await it.ask("config-set", JSON.stringify({ device: change }))).error!, error);
  const small = { mqtt: { maxPacket: 1024 }, device: { update: { key } } };
  assert.match((await it.ask("config-set", JSON.stringify(small))).error!, /^mqtt\.maxPacket: expected 1101/);
});
