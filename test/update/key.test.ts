// Key pairs: the file, what is shown of it, what is refused.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { publicKeyOf, readKeyFile, writeKeyFile } from "../../tools/update/key-file.ts";
import { failure, scratch, update } from "./rig.ts";

const FOLDER = scratch();
after(() => rmSync(FOLDER, { recursive: true }));
const FILE = join(FOLDER, "update.key");

test("key: a file for its owner alone, the public key and the line for config.json; the private key is not shown", async (t) => {
  const { code, out, err } = await update(t, ["key", "--file", FILE, "--channel", "kitchen"]).ended;
  assert.equal(code, 0, err);
  const pair = JSON.parse(readFileSync(FILE, "utf8"));
  assert.match(pair.private, /^[0-9a-f]{128}$/);
  if (process.platform !== "win32") assert.equal(statSync(FILE).mode & 0o777, 0o600);
  const line = out.split("\n").find((line) => line.startsWith('"update"'))!;
  assert.deepEqual(JSON.parse(`{${line}}`).update, { channel: "kitchen", key: pair.public, auto: false });
  assert.ok(!(out + err).includes(pair.private.slice(0, 16)));

  const again = await update(t, ["key", "--file", FILE]).ended;
  assert.equal(again.code, 27);
  assert.match(again.err, /update\.key is there already: show its public key with --show, or name another/);
  assert.deepEqual(JSON.parse(readFileSync(FILE, "utf8")), pair, "it is not replaced");

  const shown = await update(t, ["key", "--file", FILE, "--show"]).ended;
  assert.equal(shown.code, 0, shown.err);
  assert.ok(shown.out.includes(pair.public));
  assert.ok(!shown.out.includes(pair.private.slice(0, 16)));
});

const PAIR = {
  publicKey: Buffer.alloc(32, 2),
  privateKey: Buffer.concat([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]),
};

test("a key file that is not there, cannot be read or cannot be written is named", () => {
  const gone = join(FOLDER, "gone");
  assert.throws(
    () => readKeyFile(gone, () => {}),
    failure("key", /there is no key file .*gone: make one with/),
  );
  assert.throws(() => readKeyFile(FOLDER, () => {}), failure("file", /cannot be read/));
  assert.throws(() => writeKeyFile(join(gone, "x"), PAIR), failure("file", /cannot be written/));
});

test("a key file that is damaged, or whose halves do not belong together, is refused", () => {
  const file = join(FOLDER, "damaged");
  const good = {
    algorithm: "SLH-DSA-SHA2-128s",
    public: "02".repeat(32),
    private: "01".repeat(32) + "02".repeat(32),
  };
  const wrong: unknown[] = [
    "",
    "{",
    null,
    { ...good, algorithm: "Ed25519" },
    { ...good, public: "03".repeat(32) },
    { ...good, private: `${good.private}00` },
    { ...good, private: undefined },
  ];
  const write = (text: unknown) =>
    writeFileSync(file, typeof text === "string" ? text : JSON.stringify(text), { mode: 0o600 });
  for (const text of wrong) {
    write(text);
    assert.throws(
      () => readKeyFile(file, () => {}),
      failure("key", /is not a key file of this tool, or it is damaged/),
    );
  }
  write(good);
  assert.deepEqual(readKeyFile(file, assert.fail), PAIR);
});

test("a key file that others may read: a warning", {
  skip: process.platform === "win32" && "no such modes",
}, () => {
  const file = join(FOLDER, "open");
  writeKeyFile(file, PAIR);
  chmodSync(file, 0o640);
  const said: string[] = [];
  readKeyFile(file, (text) => said.push(text));
  assert.match(said.join(), /^warning: others may read .*open: chmod 600 /);
});

test("a public key as in config.json: hexadecimal or base64, 32 bytes, else none", () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7));
  for (const text of [key.toString("hex"), key.toString("hex").toUpperCase(), key.toString("base64")])
    assert.deepEqual(publicKeyOf(text), key);
  for (const text of ["", "00", key.toString("base64").slice(0, -1), `${key.toString("hex")}00`])
    assert.equal(publicKeyOf(text), undefined);
});
