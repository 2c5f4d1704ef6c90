// Random bytes of TLS: no start of a board repeats those of another one, even where its noise is always the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chance, type ChanceFiles, MARKS, randomBytes, takeChance } from "../../src/tls/chance.ts";
import { secretOf } from "../../src/tls/crypto.ts";
import { crypto } from "./rig.ts";

/** Files in memory: erased bytes are ones, and only those can be written. */
class Files implements ChanceFiles {
  files: Record<string, string> = {};
  refusal = "";
  /** Number of files that were written whole. */
  whole = 0;
  readFile = (name: string) => this.files[name];
  writeFile = (name: string, bytes: string) => {
    if (this.refusal) return this.refusal;
    this.whole++;
    this.files[name] = bytes;
    return "";
  };
  writePiece = (name: string, at: number, bytes: string, size: number) => {
    const file = this.files[name]!;
    assert.equal(file.length, size);
    if (this.refusal) return this.refusal;
    assert.equal(file.slice(at, at + bytes.length), "\xff".repeat(bytes.length), "written once only");
    this.files[name] = file.slice(0, at) + bytes + file.slice(at + bytes.length);
    return "";
  };
}

function start(files: Files): number {
  const chance: Chance = {};
  assert.equal(takeChance(files, chance), "");
  return chance.start!;
}

test("starts count up over power cuts, and a file is written for every 64th only", () => {
  const files = new Files();
  for (let n = 0; n < 5 * MARKS; n++) assert.equal(start(files), n);
  assert.equal(files.whole, 5);
  assert.deepEqual(Object.keys(files.files), ["tls.0", "tls.1"]);
});

test("a block that a power cut left half written is skipped, and no number comes again", () => {
  const files = new Files();
  for (let n = 0; n < MARKS; n++) start(files);
  for (const torn of ["", "\0", "\0\0\0\x01", "\0\0\0\x01\xff\xff\xff\xff".padEnd(72, "\xff")]) {
    files.files["tls.1"] = torn;
    assert.equal(start(files), MARKS);
    assert.equal(start(files), MARKS + 1);
  }
});

test("connections of one start write nothing more", () => {
  const files = new Files();
  const chance: Chance = {};
  takeChance(files, chance);
  const before = { ...files.files };
  for (let n = 2; n < 100; n++) {
    assert.equal(takeChance(files, chance), "");
    assert.equal(chance.connections, n);
  }
  assert.deepEqual(files.files, before);
});

test("a number that flash does not take is not used: the reason is told, and the next attempt asks again", () => {
  for (const starts of [0, 1]) {
    const files = new Files();
    for (let n = 0; n < starts; n++) start(files);
    const chance: Chance = {};
    files.refusal = "Storage is full";
    assert.equal(takeChance(files, chance), "Storage is full");
    assert.equal(chance.start, undefined);
    files.refusal = "";
    assert.equal(takeChance(files, chance), "");
    assert.equal(chance.start, starts);
  }
});

test("the bytes differ by key, use, start, connection and noise, and by nothing else", () => {
  const seen = new Set<string>();
  const of = (key: string, use: string, start: number, connections: number, noise: string) =>
    randomBytes(crypto, secretOf(crypto, key), use, { start, connections }, noise);
  const base = ["k".repeat(16), "IV", 7, 3, "same noise"] as const;
  seen.add(of(...base));
  assert.ok(seen.has(of(...base)));
  seen.add(of("K".repeat(16), "IV", 7, 3, "same noise"));
  seen.add(of(base[0], "client random", 7, 3, "same noise"));
  for (const start of [8, 65543, 4294967303]) seen.add(of(base[0], "IV", start, 3, "same noise"));
  seen.add(of(base[0], "IV", 7, 4, "same noise"));
  seen.add(of(base[0], "IV", 7, 3, "other noise"));
  assert.equal(seen.size, 8);
  assert.equal(of(...base).length, 32);
});
