// Publishing over real brokers. One release is signed for all tests; the command signs its own, which takes seconds.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { Broker, type Message } from "../../tools/update/broker.ts";
import { writeKeyFile } from "../../tools/update/key-file.ts";
import { MAX_COUNTER, manifestBytes, parseManifest } from "../../tools/update/manifest.ts";
import { counterFor, send } from "../../tools/update/publish.ts";
import { publishedOn } from "../../tools/update/published.ts";
import { releaseOf } from "../../tools/update/release.ts";
import { isSigned, newKeyPair } from "../../tools/update/signature.ts";
import { manifestTopic, programTopic, signatureTopic } from "../../tools/update/topics.ts";
import { freePort, Mosquitto, missing } from "../brokers/mosquitto.ts";
import { certificate, noOpenssl } from "../brokers/tls.ts";
import { QuickSigner } from "./quick-signer.ts";
import { BASE, BROKERS, bundle, CODE, embedded, failure, keptAt, manifest, scratch, update } from "./rig.ts";

const PAIR = newKeyPair();
const SIGNER = new QuickSigner("owner");
const OTHER = new QuickSigner("other");
const COUNTER = 7;
const MANIFEST = manifest(COUNTER);
const RELEASE = releaseOf(CODE, MANIFEST, SIGNER.sign(manifestBytes(MANIFEST)), BASE, "stable");
const FOLDER = scratch();
after(() => rmSync(FOLDER, { recursive: true }));
const KEY_FILE = join(FOLDER, "update.key");
writeKeyFile(KEY_FILE, PAIR);

const noMosquitto = missing("mosquitto");
const quiet = () => {};
const publishTo = (url: string) => Broker.with(url, (broker) => send(broker, RELEASE, quiet));

/** The counter of the next update, with the options of a user. */
function nextCounter(
  url: string,
  options: { counter?: string; "new-key"?: boolean } = {},
  { publicKey } = SIGNER,
) {
  const all = { base: BASE, channel: "stable", counter: undefined, "new-key": false, ...options };
  return Broker.with(url, (broker) => counterFor(broker, all, publicKey, quiet));
}

async function mosquittoWith(t: TestContext, ...lines: string[]): Promise<string> {
  const broker = await Mosquitto.start({ lines });
  t.after(() => broker.stop());
  return `mqtt://127.0.0.1:${broker.ports.tcp}`;
}

for (const [name, skip, start] of BROKERS) {
  test(`${name}: all is kept, and the next counter is one higher`, { skip }, async (t) => {
    const url = await start(t);
    assert.equal(await nextCounter(url), 1);
    await publishTo(url);
    assert.deepEqual(await keptAt(url), new Map(RELEASE));
    assert.equal(await nextCounter(url), COUNTER + 1);
    const published = await Broker.with(url, (broker) => publishedOn(broker, BASE, "stable"));
    assert.ok(published && "manifest" in published);
    assert.ok(isSigned(published.bytes, published.signature!, SIGNER.publicKey));
  });
}

test("the order: blocks, blocks of the signature, the manifest; no block above 1,024 bytes", async (t) => {
  const broker = await embedded(t);
  await publishTo(broker.url);
  const topics = broker.happenings.flatMap((each) => (each.what === "published" ? [each.topic] : []));
  const program = programTopic(BASE, MANIFEST.sha256);
  assert.deepEqual(topics, [
    ...[0, 1, 2].map((i) => `${program}/${i}`),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => signatureTopic(BASE, MANIFEST.sha256, i)),
    manifestTopic(BASE, "stable"),
  ]);
  for (const [topic, payload] of RELEASE) assert.ok(payload.length <= 1_024, topic);
  const bytes = RELEASE.slice(0, 3).map(([, payload]) => payload);
  assert.equal(Buffer.concat(bytes).toString("latin1"), CODE);
});

test("the command: publishes with its exit code 0, and tells neither password nor key", async (t) => {
  const broker = await EmbeddedBroker.start({ user: "owner", password: "secret-1" });
  t.after(() => broker.stop());
  const url = broker.url.replace("//", "//owner:secret-1@");
  const args = ["publish", "--key", KEY_FILE, "--bundle", bundle(t), "--transport", "lean", "--share", "5"];
  const { code, out, err } = await update(t, args, { UPDATE_URL: url }).ended;
  assert.equal(code, 0, err);
  assert.match(out, /nothing is published on stable: counter 1;/);
  assert.match(
    out,
    /published on stable: device full lean [\d.]+, counter 1, \d+ bytes, .*, for 5 % of the boards\n$/,
  );
  assert.doesNotMatch(out + err, /secret/);
  assert.ok(!(out + err).includes(PAIR.privateKey.toString("hex").slice(0, 16)));
  const kept = await keptAt(url);
  assert.deepEqual(parseManifest(kept.get(manifestTopic(BASE, "stable"))!), { ...manifest(1), share: 5 });
});

test("a counter that is not above the last is refused, and one at the end", async (t) => {
  const { url } = await embedded(t);
  await publishTo(url);
  for (const counter of ["1", `${COUNTER}`])
    await assert.rejects(
      nextCounter(url, { counter }),
      failure("usage", /on stable has counter 7: give a higher one/),
    );
  assert.equal(await nextCounter(url, { counter: "9" }), 9);
  assert.equal(await nextCounter(url, { counter: `${MAX_COUNTER}` }), MAX_COUNTER);
});

test("another key signed the last update: refused without --new-key", async (t) => {
  const { url } = await embedded(t);
  await publishTo(url);
  const sentence =
    /on stable there is a manifest that is not yours: its signature is not of this key: .* --new-key --counter N/;
  await assert.rejects(nextCounter(url, {}, OTHER), failure("key", sentence));
  await assert.rejects(nextCounter(url, { counter: "9" }, OTHER), failure("key", sentence));
  assert.equal(await nextCounter(url, { counter: "3", "new-key": true }, OTHER), 3);
});

test("a manifest without its whole signature, or no manifest at all: its counter is not believed", async (t) => {
  const { url } = await embedded(t);
  await publishTo(url);
  const keep = (topic: string, text: string | Buffer) =>
    Broker.with(url, (broker) => broker.keep([[topic, Buffer.from(text)]]));
  await keep(signatureTopic(BASE, MANIFEST.sha256, 3), "");
  await assert.rejects(nextCounter(url), failure("key", /blocks of its signature are missing/));
  await keep(manifestTopic(BASE, "stable"), manifestBytes(manifest(MAX_COUNTER)));
  await assert.rejects(nextCounter(url), failure("key", /is not yours/));
  await keep(manifestTopic(BASE, "stable"), "{}");
  await assert.rejects(nextCounter(url), failure("key", /its "product" is missing or wrong/));
  // To publish again is the remedy.
  await publishTo(url);
  assert.equal(await nextCounter(url), COUNTER + 1);
});

test("the connection is cut in the program, in the signature, before the manifest: a failure; the manifest is there only with all blocks", async (t) => {
  for (const cut of [1, 4, 11]) {
    const broker = await embedded(t);
    let count = 0;
    broker.onHappening = ({ what }) => {
      if (what === "published" && ++count === cut) broker.cut();
    };
    await assert.rejects(publishTo(broker.url), failure("broker", /ended the connection/));
    broker.onHappening = () => {};
    assert.ok(!(await keptAt(broker.url)).has(manifestTopic(BASE, "stable")));
    await publishTo(broker.url);
    assert.deepEqual(await keptAt(broker.url), new Map(RELEASE));
  }
});

test("a broker that keeps no messages says so, and is named", { skip: noMosquitto }, async (t) => {
  const url = await mosquittoWith(t, "retain_available false");
  await assert.rejects(
    publishTo(url),
    failure("kept", /^mqtt:\/\/127\.0\.0\.1:\d+ keeps no messages: let it keep/),
  );
});

test("a broker that takes only small packets says so, and is named", { skip: noMosquitto }, async (t) => {
  const url = await mosquittoWith(t, "max_packet_size 600");
  await assert.rejects(
    publishTo(url),
    failure("kept", /takes packets of 600 bytes, devices\/update\/.*\/0 needs 1\d\d\d/),
  );
});

test("a broker whose rules forbid to publish refuses with a reason", { skip: noMosquitto }, async (t) => {
  const rules = join(FOLDER, "rules");
  writeFileSync(rules, "topic read #\n", { mode: 0o644 });
  const url = await mosquittoWith(t, `acl_file ${rules}`);
  await assert.rejects(
    publishTo(url),
    failure("denied", /refused the message to devices\/update\/.*, reason 0x87/),
  );
});

test("a broker that closes because of the size of a message: the sentence says so", {
  skip: noMosquitto,
}, async (t) => {
  const url = await mosquittoWith(t, "message_size_limit 1000");
  await assert.rejects(
    publishTo(url),
    failure(
      "broker",
      /ended the connection.* while messages of up to 1024 bytes were sent: check that it allows this size/,
    ),
  );
});

test("a broker that drops a block in silence: reading back tells, and no manifest is published", async (t) => {
  const { url } = await embedded(t);
  const lost = signatureTopic(BASE, MANIFEST.sha256, 2);
  const publishing = Broker.with(url, (broker) => {
    const keep = (messages: Message[]) => broker.keep(messages.filter(([topic]) => topic !== lost));
    return send({ keep, kept: broker.kept.bind(broker) }, RELEASE, quiet);
  });
  await assert.rejects(
    publishing,
    failure("kept", /does not keep 1 of 11 messages, the first is .*\/s2: let it/),
  );
  assert.ok(!(await keptAt(url)).has(manifestTopic(BASE, "stable")));
});

test("no broker, a wrong password, a server of another kind: each has its sentence and its exit code", async (t) => {
  const port = await freePort();
  const none = await update(t, ["status", "--url", `mqtt://owner:secret-1@127.0.0.1:${port}`]).ended;
  assert.equal(none.code, 24);
  assert.match(none.err, /^mqtt:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED.*\): check the URL/);
  assert.doesNotMatch(none.out + none.err, /secret/);

  const broker = await EmbeddedBroker.start({ user: "owner", password: "secret-1" });
  t.after(() => broker.stop());
  const wrong = broker.url.replace("//", "//owner:secret-2@");
  await assert.rejects(
    keptAt(wrong),
    failure("denied", /refused the connection, reason 0x4 \(Bad username or password\)/),
  );

  const closes = createServer((socket) => socket.end("nothing\r\n"));
  await new Promise<void>((done) => closes.listen(0, "127.0.0.1", done));
  t.after(() => closes.close());
  const { port: other } = closes.address() as { port: number };
  for (const scheme of ["mqtt", "ws"])
    await assert.rejects(
      keptAt(`${scheme}://127.0.0.1:${other}`),
      failure("broker", /127\.0\.0\.1:\d+ (closed|cannot)/),
    );
});

test("mqtts:// and wss:// with a certificate of nobody: refused, and named", {
  skip: noOpenssl,
}, async (t) => {
  const { cert, key } = certificate();
  const server = createTlsServer({ cert, key }, (socket) => socket.on("error", () => {}));
  server.on("tlsClientError", () => {});
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  for (const scheme of ["mqtts", "wss"])
    await assert.rejects(
      keptAt(`${scheme}://localhost:${port}`),
      failure("broker", /cannot be reached \(self.signed certificate\)/),
    );
});

test("Ctrl-C while it waits for the broker: exit code 130, and nothing is published", async (t) => {
  const broker = await embedded(t);
  const run = update(t, ["publish", "--key", KEY_FILE, "--bundle", bundle(t), "--url", broker.url]);
  broker.onHappening = ({ what }) => {
    if (what === "subscribed") run.child.kill("SIGINT");
  };
  const { code, err } = await run.ended;
  assert.equal(code, 130, err);
  assert.match(err, /^stopped with Ctrl-C before it was done: run again\.$/m);
  assert.ok(broker.happenings.every(({ what }) => what !== "published"));
});

test("a server that accepts and says nothing: given up after a named time", async (t) => {
  const silent = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  t.after(() => silent.close());
  const { port } = silent.address() as { port: number };
  await assert.rejects(keptAt(`mqtt://127.0.0.1:${port}`), failure("broker", /did not answer in 10 s/));
});

test("an application that takes no updates, and a key file that is not there: refused before the broker is asked", async (t) => {
  const url = ["--url", "mqtt://127.0.0.1:1"];
  const hello = await update(t, ["publish", ...url, "--app", "hello"]).ended;
  assert.equal(hello.code, 2);
  assert.match(hello.err, /^hello takes no updates: only --app device does/);
  const gone = await update(t, ["publish", ...url, "--key", join(FOLDER, "gone")]).ended;
  assert.equal(gone.code, 27);
  assert.match(gone.err, /^there is no key file .*gone: make one with "npx espruino-mqtt-ws update key"/);
});
