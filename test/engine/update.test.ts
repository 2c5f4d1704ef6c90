// An update through the broker on a real engine: its Storage takes the blocks, its SHA-256 checks the signature and the
// program, its loader tries it. A Linux build has no restart: the test switches it off and on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { kindOf } from "../../bench/engine/measure.ts";
import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf } from "../../board/virtual/program.ts";
import { sealed } from "../../src/program/turns.ts";
import { missing } from "../brokers/mosquitto.ts";
import { manifestOf, nextProgram, publish, published } from "../device/publisher.ts";
import { mapsFlash, noEngine } from "./engine.ts";
import { filesIn } from "./storage-files.ts";
import { noRoom, updateRig } from "./update-rig.ts";

const skip = noEngine || missing("mosquitto");
const DEVICE = readFileSync("dist/device-lean.js", "latin1");
const crc = { crc32: (text: string) => crc32(Buffer.from(text, "latin1")) };

/** An update, cut while it loads, until the program is tried. @returns the rig, or undefined if this engine cannot */
async function updated(t: TestContext, next: string) {
  const it = await updateRig(t);
  const small = noRoom(it.engine, DEVICE, next);
  if (small) return t.skip(small);
  // Where flash is not mapped into memory, as a chip's is, the program is copied to be hashed.
  if ((await kindOf()).total < 5000 && !(await mapsFlash()))
    return t.skip("the engine has too little memory to copy a program");
  await it.powerOn();
  await it.told(/"idle"/);
  await publish(it.client, published(next, { transport: "lean" }));
  await it.told(/"available"/);
  await it.install();
  await it.told(/"loading".*:25\}/);
  it.states.length = 0;
  await it.powerOn();
  await it.told(/"loading"/);
  await it.told(/"trying"/);
  await it.reboots();
  await it.engine.line(new RegExp(`boot program ${nameOf(next).slice(0, 8)} works`));
  return it;
}

test("device-lean updates itself: cut while it loads, it goes on, and the new program connects and is done", {
  skip,
}, async (t) => {
  const next = nextProgram("dist/device-lean.js");
  const it = await updated(t, next);
  if (!it) return;
  await it.told(/"done"/);
  assert.ok(
    !it.engine.lines.some((line) => /update refused|^Uncaught/.test(line)),
    it.engine.lines.join("\n"),
  );
  const programs = [...filesIn(it.engine.flash).keys()].filter((name) => /^fw\.[0-9a-f]{8}$/.test(name));
  assert.deepEqual(programs, [`fw.${nameOf(next).slice(0, 8)}`]);
});

test("device-lean takes another program, which is smaller", { skip }, async (t) => {
  const it = await updated(t, nextProgram("dist/hello-lean.js"));
  if (it) assert.ok(!it.engine.lines.some((line) => /update refused|^Uncaught/.test(line)));
});

test("device-lean: the first connection of a program that was proven: done, and its counter is noted", {
  skip,
}, async (t) => {
  const note = [1, 0, "", 0, "", "", 0, 3, "0123456789abcdef", 7, nameOf(DEVICE), "0".repeat(64), "0.2.0"];
  const it = await updateRig(t, { files: { "update.b": sealed(crc, note.join("\n")) } });
  await it.powerOn();
  await it.told(/"done"/);
  const older = manifestOf(nextProgram("dist/hello-lean.js"), { transport: "lean", counter: 7 });
  await it.client.publishAsync("devices/update/stable", older);
  await it.told(/its counter 7 is old: expected more than 7/);
  assert.equal(it.states.length, 2, it.engine.lines.join("\n"));
});
