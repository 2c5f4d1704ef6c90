// The check of signatures on a real engine: its own SHA-256, its typed arrays, its memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasValgrind } from "../../bench/engine/handler-cost.ts";
import { checkCost } from "../../bench/engine/signature.ts";
import { programIn } from "../../board/virtual/program.ts";
import { buildFile } from "../../build/own.ts";
import { VECTORS } from "../sign/slh-rig.ts";
import { randomOf, SEED } from "../support/random.ts";
import { Engine, noEngine } from "./engine.ts";

/** Most instructions of a slice: about 200 ms of a chip. */
const MOST = 20_000_000;

/**
 * Checks the vectors that the file `jobs` names, each with a byte of its signature changed or not, then prints the verdicts;
 * and the JsVars in use before and after. The first check makes the classes that stay (engine 16), so the second one counts.
 */
const PROGRAM = `
import { hashOfCheck } from "../board/esp32/sha256.ts";
import { beginInternal, CHECKING, goOn } from "../src/sign/slh-dsa.ts";
var files = require("Storage"), number = 0, place = 0, bits = 0, most = 0, verdicts = "";
var before = 0, kept = 0, after = 0;
function piece(at, length) {
  var bytes = files.read("sig" + number, at, length) || "", i = place - at;
  if (!bits || i < 0 || i >= length) return bytes;
  return bytes.substr(0, i) + String.fromCharCode(bytes.charCodeAt(i) ^ bits) + bytes.substr(i + 1);
}
function once(job) {
  number = job[0];
  place = job[1];
  bits = job[2];
  var check = beginInternal(files.read("key" + number), files.read("msg" + number), piece, hashOfCheck());
  if (!check) return "x";
  for (;;) {
    var verdict = goOn(check), used = process.memory(false).usage;
    if (used > most) most = used;
    if (verdict !== CHECKING) return verdict > 0 ? "+" : "-";
  }
}
once([1, 0, 0]);
most = 0;
process.memory();
before = process.memory(false).usage;
once([1, 0, 0]);
kept = process.memory(false).usage;
process.memory();
after = process.memory(false).usage;
print("jsvars", before, most, kept, after);
JSON.parse(files.read("jobs")).forEach(function (job) { verdicts += once(job); });
print("verdicts", verdicts);
`;

test("NIST's vectors and changed signatures: each verdict is right, and no memory is kept", {
  skip: noEngine,
}, async (t) => {
  const random = randomOf(SEED);
  const files: Record<string, string> = {};
  for (const [i, { key, message, signature }] of VECTORS.entries()) {
    files[`key${i}`] = key;
    files[`msg${i}`] = message;
    files[`sig${i}`] = signature;
  }
  const good = VECTORS.flatMap(({ good }, i) => (good ? [i] : []));
  const whole = VECTORS.map((_, i) => [i, 0, 0]);
  const changed = Array.from({ length: 36 }, (_, i) => [
    good[i % good.length],
    random.below(7856),
    1 << random.below(8),
  ]);
  files.jobs = JSON.stringify([...whole, ...changed]);
  const built = await buildFile("entry/slh.ts", {}, PROGRAM);
  for (const { file, name } of built.residents) assert.ok(!file.startsWith("src/sign/"), `${name} stays`);
  const engine = new Engine({ ...files, ...programIn(built) });
  t.after(() => engine.off());
  engine.boot();
  const said = await engine.line(/^verdicts /, 300_000);
  const expected = VECTORS.map((v) => (v.good ? "+" : v.signature.length === 7856 ? "-" : "x")).join("");
  assert.equal(said, `verdicts ${expected}${"-".repeat(changed.length)}`, `FUZZ_SEED=${SEED}`);
  const [before, most, kept, after] = (await engine.line(/^jsvars/)).split(" ").slice(1).map(Number);
  t.diagnostic(`JsVars: ${most! - before!} during a check, ${kept! - before!} after it`);
  assert.equal(after, before);
  assert.equal(kept, before, "JsVars that wait for a collection");
  assert.ok(most! - before! <= 160, `${most! - before!} JsVars during a check`);
});

test("a slice: at most 20 million instructions", {
  skip: noEngine || (!hasValgrind && "valgrind is missing"),
}, async (t) => {
  const { slices, all, largest } = await checkCost();
  t.diagnostic(`${slices} slices, ${all} instructions, the largest slice ${largest}`);
  assert.ok(largest <= MOST, `${largest}`);
});
