// Power cuts and lost connections during an update: the board goes on with the block that is missing, and ends with the old
// program or the new one, whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf } from "../../board/virtual/program.ts";
import { readRecord } from "../../src/program/record.ts";
import { sealed } from "../../src/program/turns.ts";
import { missing } from "../brokers/mosquitto.ts";
import { markOf, nextProgram, PUBLIC_KEY, publish, published, sumOf } from "./publisher.ts";
import { PREFIX, type Rig, rig } from "./rig.ts";

const skip = missing("mosquitto");
const STATE = `${PREFIX}update`;
const NEXT = nextProgram("dist/device.js");
const FILE = `fw.${nameOf(NEXT).slice(0, 8)}`;
const update = { key: PUBLIC_KEY };
const crc = { crc32: (text: string) => crc32(Buffer.from(text, "latin1")) };

/** The program that a board has proven. */
function provenOn({ board }: Rig): string {
  return readRecord({ readFile: (name) => board.flash.get(name), ...crc })!.proven;
}

/** Whether the program that is proven is in flash, whole. */
function isWhole(it: Rig): boolean {
  const name = provenOn(it);
  const file = it.board.flash.get(`fw.${name.slice(0, 8)}`);
  return file !== undefined && nameOf(file) === name;
}

test("the power is cut again and again, each time some writes later: the update goes on and is done", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  it.board.flash.untilCut = 1;
  await it.send(`${PREFIX}cmd/update`, "install");
  let cuts = 0;
  for (;;) {
    const isDone = () => it.said.some(({ topic, payload }) => topic === STATE && /"done"/.test(payload));
    await it.until(() => it.board.flash.off || isDone(), "a cut, or the end");
    if (isDone()) break;
    cuts++;
    assert.ok(isWhole(it), `after ${cuts} cuts`);
    it.board.flash.untilCut = cuts + 1;
    const from = it.said.length;
    it.board.boot();
    const state = () => it.said.slice(from).find(({ topic }) => topic === STATE)?.payload;
    await it.until(() => it.board.flash.off || state(), "a cut, or a state");
    // A cut before the note: the command is forgotten.
    if (/available/.test(state() ?? "")) await it.send(`${PREFIX}cmd/update`, "install");
  }
  assert.ok(cuts >= 10, `${cuts} cuts`);
  assert.equal(provenOn(it), nameOf(NEXT));
  assert.ok(isWhole(it));
});

test("the power is cut at any write from the last block on: the old or the new program runs, and the update is done", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { update } });
  const whole = published(NEXT);
  const blocks = [...whole.blocks].filter(([name]) => !name.startsWith("s"));
  await publish(it.client, { ...whole, blocks: new Map(blocks) });
  await it.heard(STATE, /available/);
  it.board.off();
  const before = new Map(it.board.flash);
  const last = (blocks.length - 1) * 1024;
  const note = [1, 0, "", 0, "", "", 0, 2, markOf(whole.manifest), 7, nameOf(NEXT), sumOf(NEXT), "0.2.0"];
  let cut = true;
  for (let writes = 1; cut; writes++) {
    it.board.flash.clear();
    it.board.flash.trash = 0;
    for (const [name, bytes] of before) it.board.flash.set(name, bytes);
    it.board.flash.set("update.b", sealed(crc, note.join("\n")));
    it.board.flash.set(FILE, NEXT.slice(0, last).padEnd(NEXT.length, "\xff"));
    const from = it.said.length;
    it.board.flash.untilCut = writes;
    it.board.boot();
    const isDone = () =>
      it.said.slice(from).some(({ topic, payload }) => topic === STATE && /"done"/.test(payload));
    await it.until(() => it.board.flash.off || isDone(), "a cut, or the end");
    cut = it.board.flash.off;
    assert.ok(isWhole(it), `cut at write ${writes}`);
    it.board.flash.untilCut = undefined;
    if (cut) it.board.boot();
    await it.until(isDone, `the end after a cut at write ${writes}`);
    assert.equal(provenOn(it), nameOf(NEXT));
    assert.ok(isWhole(it));
    // The counter is noted: the older manifest is refused.
    const counter = ["update.a", "update.b"].map((name) => it.board.flash.get(name)?.split("\n")[2]);
    assert.ok(counter.includes("7"), `cut at write ${writes}`);
    it.board.off();
    if (writes > 20) assert.fail("the writes have no end");
  }
});

test("the connection is lost again and again while blocks come: the update goes on", { skip }, async (t) => {
  const it = await rig(t, { device: { update } });
  await publish(it.client, published(NEXT));
  await it.heard(STATE, /available/);
  const flash = it.board.flash;
  const store = flash.store.bind(flash);
  const blocks = Math.ceil(NEXT.length / 1024);
  let written = 0;
  flash.store = (name, before, offset, bytes) => {
    store(name, before, offset, bytes);
    // Not at each one: the waits between two connections become long.
    if (name === FILE && ++written % 4 === 0) it.board.cut();
  };
  await it.ask("update", "install");
  for (let n = 1; n <= blocks; n++) await it.until(() => written >= n, `block ${n}`);
  await it.heard(STATE, /"done"/);
  assert.equal(written, blocks);
  assert.equal(it.board.boots, 2);
});
