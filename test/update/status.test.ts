// What is published, and what the boards say, as the command shows it.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Broker, type Message } from "../../tools/update/broker.ts";
import { rowOf, tableOf } from "../../tools/update/device-rows.ts";
import { writeKeyFile } from "../../tools/update/key-file.ts";
import { manifestBytes } from "../../tools/update/manifest.ts";
import { releaseOf } from "../../tools/update/release.ts";
import { manifestTopic, signatureTopic } from "../../tools/update/topics.ts";
import { QuickSigner } from "./quick-signer.ts";
import { BASE, CODE, embedded, manifest, scratch, update } from "./rig.ts";

const SIGNER = new QuickSigner("owner");
const MANIFEST = manifest(7, 5);
const RELEASE = releaseOf(CODE, MANIFEST, SIGNER.sign(manifestBytes(MANIFEST)), BASE, "stable");
const KEY = SIGNER.publicKey.toString("base64");
const FOLDER = scratch();
after(() => rmSync(FOLDER, { recursive: true }));

const keep = (url: string, messages: Message[]) => Broker.with(url, (broker) => broker.keep(messages));
const saying = (id: string, status: unknown): Message => [
  `${BASE}/${id}/update`,
  Buffer.from(typeof status === "string" ? status : JSON.stringify(status)),
];

test("a channel with its signature checked, and a row for each board", async (t) => {
  const { url } = await embedded(t);
  await keep(url, [
    ...RELEASE,
    saying("kitchen", {
      state: "loading",
      update_percentage: 40,
      installed_version: "0.1.0",
      latest_version: "0.1.0",
      refused_version: "0.2.0",
    }),
    saying("attic", {
      state: "refused",
      why: "no room",
      installed_version: "0.1.0",
      latest_version: "0.2.0",
    }),
    saying("update", { state: "this would be a channel" }),
  ]);
  const { code, out, err } = await update(t, ["status", "--url", url, "--key", KEY]).ended;
  assert.equal(code, 0, err);
  const [channel, signature, ...table] = out.trimEnd().split("\n");
  assert.match(
    channel!,
    /^stable: device full lean [\d.]+, counter 7, 2513 bytes, SHA-256 [0-9a-f]{16}, Espruino 2v25 to 2v30, for 5 % of the boards$/,
  );
  assert.equal(signature, "its signature is good");
  assert.deepEqual(table, [
    "board    state         installed  offered  why",
    "attic    refused       0.1.0      0.2.0    no room",
    "kitchen  loading 40 %  0.1.0      0.2.0",
  ]);
});

test("a signature of another key, or one with a missing block: exit code 28; no key: it says that it did not check", async (t) => {
  const { url } = await embedded(t);
  await keep(url, RELEASE);
  const other = "ab".repeat(32);
  const wrong = await update(t, ["status", "--url", url, "--key", other]).ended;
  assert.equal(wrong.code, 28);
  assert.match(
    wrong.err,
    /^what is on stable is refused by the boards: its signature is not of this key: publish again/,
  );
  await keep(url, [[signatureTopic(BASE, MANIFEST.sha256, 0), Buffer.alloc(0)]]);
  const file = join(FOLDER, "update.key");
  writeKeyFile(file, {
    publicKey: SIGNER.publicKey,
    privateKey: Buffer.concat([Buffer.alloc(32), SIGNER.publicKey]),
  });
  const missing = await update(t, ["status", "--url", url, "--key", file]).ended;
  assert.equal(missing.code, 28);
  assert.match(missing.err, /blocks of its signature are missing/);
  const watching = update(t, ["status", "--url", url, "--key", file, "--watch"]);
  await watching.until(/is refused by the boards: blocks of its signature are missing\nwatching/);
  watching.child.kill("SIGINT");
  assert.equal((await watching.ended).code, 0);
  await keep(url, [[manifestTopic(BASE, "stable"), Buffer.from("no JSON")]]);
  const none = await update(t, ["status", "--url", url, "--key", KEY]).ended;
  assert.equal(none.code, 28);
  assert.match(none.err, /no manifest, it is not JSON/);
  const key = await update(t, ["status", "--url", url, "--key", "abcd"]).ended;
  assert.equal(key.code, 27);
  assert.match(key.err, /^--key is neither a public key nor a file: give 64 hexadecimal digits/);
});

test("--watch shows each change, and Ctrl-C ends it with exit code 0", async (t) => {
  const { url } = await embedded(t);
  const run = update(t, ["status", "--url", url, "--key", KEY, "--watch"]);
  await run.until(
    /nothing is published on stable\nno board has said anything about updates yet\nwatching, Ctrl-C ends\n/,
  );
  // The subscription may come after this one; then the broker sends it because it is kept.
  await keep(url, [
    saying("kitchen", { state: "checking", installed_version: "0.1.0", latest_version: "0.2.0" }),
  ]);
  await run.until(/\d\d:\d\d:\d\d\.\d{3} kitchen checking 0\.1\.0 0\.2\.0\n/);
  await keep(url, [saying("kitchen", "")]);
  await run.until(/ kitchen \? it says nothing any more\n/);
  run.child.kill("SIGINT");
  assert.equal((await run.ended).code, 0, run.err);
});

test("--watch: a connection that is lost ends it with exit code 24", async (t) => {
  const broker = await embedded(t);
  const run = update(t, ["status", "--url", broker.url, "--watch"]);
  await run.until(/watching/);
  broker.cut();
  const { code, err } = await run.ended;
  assert.equal(code, 24);
  assert.match(err, /ended the connection: check the URL/);
});

test("what a board says cannot steer the terminal, and has a bound", () => {
  const row = rowOf("a", Buffer.from(JSON.stringify({ state: "\x1b[2Jidle\n", why: "x".repeat(1_000) })));
  assert.deepEqual(row, ["a", ".[2Jidle.", "", "", "x".repeat(100)]);
  for (const text of ["null", "7", "{", "\xff"])
    assert.equal(rowOf("a", Buffer.from(text))[4], "what it says is no JSON");
  assert.deepEqual(rowOf("a", Buffer.from('{"state":{"x":1}}'))[1], '{"x":1}');
  assert.equal(
    tableOf([
      ["b", "", "", "", ""],
      ["a", "idle", "1", "2", ""],
    ]).split("\n")[1],
    "a      idle   1          2",
  );
});
