// Replaced files stay in Storage as waste until it is compacted, and no program compacts it (engine 34). A board without
// room refuses updates with a line that says what to do, and takes them again once it was compacted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { nextProgram, PUBLIC_KEY, publish, published } from "./publisher.ts";
import { PREFIX, type Rig, rig } from "./rig.ts";

const skip = missing("mosquitto");
const STATE = `${PREFIX}update`;
const NEXT = nextProgram("dist/device.js");
const LATER = nextProgram("dist/device.js", "later");

/** Leaves so many bytes of Storage free: the rest is waste. */
function leave({ board }: Rig, bytes: number): void {
  board.flash.trash += board.flash.free - bytes;
}

test("room for one update: it is done, the next one is refused, and taken after a compaction", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key: PUBLIC_KEY } } });
  const { flash } = it.board;
  leave(it, 2 * NEXT.length + 20_000);
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /"done"/);
  const before = new Map(flash);
  await publish(it.client, published(LATER, { counter: 8 }));
  const { why } = JSON.parse(await it.heard(STATE, /refused/));
  assert.match(why, /^Storage has \d+ bytes free: expected \d+, flash the board again$/);
  await it.line(/1 update refused: Storage has \d+ bytes free: expected \d+, flash the board again$/);
  for (const [name, bytes] of before) if (name.startsWith("fw.")) assert.equal(flash.get(name), bytes);
  assert.equal(flash.compactions, 0);
  assert.equal(it.board.boots, 2);
  // As flash.sh does it, with the program stopped.
  it.board.off();
  flash.compact();
  const from = it.said.length;
  it.board.boot();
  await it.heard(STATE, /refused/, from);
  await it.ask("update", "install");
  await it.heard(STATE, /"done"/, from);
});

test("the room is gone when the program's first block comes: refused, and nothing is compacted", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update: { key: PUBLIC_KEY } } });
  const { flash } = it.board;
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  await it.ask("update", "install");
  await it.heard(STATE, /"checking"/);
  leave(it, NEXT.length);
  const { why } = JSON.parse(await it.heard(STATE, /refused/));
  assert.equal(why, "block 0 is not written: Storage is full, flash the board again to make room");
  assert.equal(flash.compactions, 0);
  assert.equal(it.board.boots, 1);
});
