// A device on a real engine updates itself, and the power is cut in every write of its Storage: of each block of the program
// in the middle; of everything else before it, in the middle, and behind it. Each start goes on from there to the next cut.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf } from "../../board/virtual/program.ts";
import { fileOf } from "../../src/program/file.ts";
import { readRecord } from "../../src/program/record.ts";
import { missing } from "../brokers/mosquitto.ts";
import { nextProgram, publish, published } from "../device/publisher.ts";
import { until } from "../support/until.ts";
import { noEngine } from "./engine.ts";
import { filesIn } from "./storage-files.ts";
import { noRoom, type UpdateRig, updateRig } from "./update-rig.ts";

const OLD = readFileSync("dist/device-lean.js", "latin1");
const NEXT = nextProgram("dist/device-lean.js");
const BLOCKS = Math.ceil(NEXT.length / 1024);
/** Signatures that are loaded again after a cut leave so much behind. */
const WASTE = 200_000;
const crc = { crc32: (text: string) => crc32(Buffer.from(text, "latin1")) };

/**
 * Cuts the power in the first write that is not in the file "cuts". Records that take turns are known by their lines behind
 * checksum and count.
 */
const CUT = `
(function (S, F) {
  var write = S.write, erase = S.erase, cuts = (F.readFileSync("cuts") || "").split("\\n");
  function cutAt(where, what, act) {
    if (cuts[0] === "none" || cuts.indexOf(where + " " + what) >= 0) return;
    act();
    print("CUT " + where + " " + what);
    for (;;);
  }
  S.write = function (name, text, from, size) {
    function some(length) { return write.call(S, name, text.substr(0, length), from || 0, size || text.length); }
    var what = "write " + name;
    if (name.substr(-2) === ".a" || name.substr(-2) === ".b")
      what = "write " + name.slice(0, -1) + E.CRC32(text.substr(text.indexOf("\\n", text.indexOf("\\n") + 1)));
    if (size) what += " " + (from >> 10);
    else cutAt("before", what, function () {});
    cutAt("middle", what, function () { some(text.length >> 1); });
    if (!size) cutAt("behind", what, function () { some(text.length); });
    return some(text.length);
  };
  S.erase = function (name) {
    if (S.read(name) !== undefined) {
      cutAt("before", "erase " + name, function () {});
      cutAt("behind", "erase " + name, function () { erase.call(S, name); });
    }
    return erase.call(S, name);
  };
})(require("Storage"), require("fs"));
`;

/** After these cuts the board does not come to the write that follows: from here the test goes both ways. */
const LEADS_ELSEWHERE = /^behind write fw\.|^before erase fw\./;
const NO_CUTS = "none";

/** The program that is proven is the old or the new one, and its file is whole. @returns it */
function isWhole(flash: Buffer, seen: string): string {
  const files = filesIn(flash);
  const { proven } = readRecord({ readFile: (name) => files.get(name), ...crc })!;
  assert.equal(nameOf(files.get(fileOf(proven)) ?? ""), proven, seen);
  assert.ok(proven === nameOf(NEXT) || proven === nameOf(OLD), seen);
  return proven;
}

test("the power is cut in every write of an update: a whole program comes up, and the update goes on to its end", {
  skip: noEngine || missing("mosquitto"),
}, async (t) => {
  const it = await updateRig(t, { boot0: CUT });
  const { engine } = it;
  const small = noRoom(engine, OLD, NEXT, WASTE);
  if (small) return t.skip(small);
  await publish(it.client, published(NEXT, { transport: "lean" }));
  const cuts: string[] = [];
  for (let before = engine.flash; ; ) {
    engine.put("cuts", cuts.join("\n"));
    await it.powerOn(before);
    const seen = await outcome(it);
    isWhole(engine.flash, seen);
    if (seen === "done") break;
    cuts.push(seen);
    if (!LEADS_ELSEWHERE.test(seen)) {
      before = engine.flash;
      continue;
    }
    engine.put("cuts", NO_CUTS);
    await it.powerOn();
    assert.equal(await outcome(it), "done", seen);
    assert.equal(isWhole(engine.flash, seen), nameOf(NEXT));
  }
  assert.equal(isWhole(engine.flash, "the end"), nameOf(NEXT));
  const count = (pattern: RegExp) => cuts.filter((cut) => pattern.test(cut)).length;
  assert.equal(count(/^middle write fw\.[0-9a-f]{8} \d+$/), BLOCKS);
  assert.equal(count(/^middle write update\.sig \d$/), 8);
  // Four notes: begin, signature, trial, done. Three records: trial, its start, proven.
  assert.equal(count(/ write update\.\d+$/), 3 * 4);
  assert.equal(count(/ write fw\.\d+$/), 3 * 3);
  assert.equal(count(/ erase update\.sig$/), 2);
  assert.equal(count(/ erase fw\.[0-9a-f]{8}$/), 2);
  t.diagnostic(`${cuts.length} cuts`);
});

/** The next cut of the power, or "done". Restarts of the board's own are let by. */
async function outcome({ engine, states, install, reboots }: UpdateRig): Promise<string> {
  states.length = 0;
  let asked = false;
  for (;;) {
    const line = () => engine.lines.find((one) => /^CUT |^REBOOT/.test(one));
    const told = (state: RegExp) => states.some((one) => state.test(one));
    // A board that was cut before it could say "done" has nothing left to do.
    const done = () => told(/"done"|"idle"/) && !told(/available/);
    await until(
      () => {
        if (!asked && told(/"available"/)) asked = Boolean(install());
        return line() || done();
      },
      "a cut, a restart, or the end",
      () => [...states, ...engine.lines].join("\n"),
    );
    if (line()?.startsWith("CUT ")) return line()!.slice(4);
    if (!line()) return "done";
    await reboots();
  }
}
