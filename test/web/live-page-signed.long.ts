// The live page and a device that obeys signed commands only.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Signer } from "../../docs/signing.mjs";
import { keyOf, newSigner, open, renew, type SignState, seal } from "../../web/dashboard/sign/envelope.ts";
import { missing } from "../brokers/mosquitto.ts";
import { fileAddress, noBrowser, opened, PLAIN_HOST, says } from "./browser.ts";
import { type Live, live, wordsFor } from "./live.ts";

const skip = noBrowser || missing("mosquitto");
const KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const SIGNED = { more: { sign: { key: KEY, id: "lamp" } } };

async function typeKey({ page }: Live, key: string): Promise<void> {
  const card = page.getByRole("region", { name: "Signing key" });
  await card.getByLabel(/^Key/).fill(key);
  await card.getByRole("button", { name: "Use it" }).click();
}

test("live page: a signed device obeys when its key is typed in, and its answers are checked", {
  skip,
}, async (t) => {
  const it = await live(t, SIGNED);
  const { page, during } = it;
  const answers = page.getByRole("list", { name: "What was asked, and the answers" });
  await during(page.getByRole("button", { name: "Report now" }).click());
  await it.line(/sign dropped, not signed/);
  await page.clock.fastForward(11_000);
  await says(answers, /obeys signed commands only/);
  await typeKey(it, "too short");
  await says(page.getByRole("alert"), /^Expected 16 to 64 bytes/);
  await typeKey(it, KEY);
  await during(page.getByRole("button", { name: "Report now" }).click());
  await during(says(answers, /signature checked/));
  await during(page.getByRole("button", { name: "Read its configuration" }).click());
  await during(page.getByRole("switch", { name: "Switch led" }).click());
  await during(page.locator("[role=switch][aria-checked=true]").waitFor());
  const kept = await page.evaluate(() =>
    JSON.stringify((globalThis as never as { localStorage: object }).localStorage),
  );
  assert.doesNotMatch(kept, new RegExp(KEY));
});

test("live page: after a restart of a signed device the next command is obeyed", { skip }, async (t) => {
  const it = await live(t, SIGNED);
  await typeKey(it, KEY);
  const answers = it.page.getByRole("list", { name: "What was asked, and the answers" });
  await it.during(it.page.getByRole("button", { name: "Report now" }).click());
  await it.during(answers.locator("li.answered").first().waitFor());
  const from = it.said.length;
  it.board.reboot();
  await it.heard("devices/lamp/status", /online/, from);
  await it.page.clock.fastForward(2_000);
  await it.during(it.page.getByRole("button", { name: "Look for networks" }).click());
  await it.during(says(answers, /^\[.*\]$/));
});

test("live page: answers that are forged, unsigned or old are not believed", { skip }, async (t) => {
  const it = await live(t, SIGNED);
  await typeKey(it, KEY);
  const answers = it.page.getByRole("list", { name: "What was asked, and the answers" });
  const topic = "devices/lamp/reply/memory";
  await it.client.publishAsync(topic, '{"jsVars":9}');
  await it.during(says(answers, /^An answer was not signed/));
  const forger = new Signer(KEY.replace("00", "ff"), "lamp");
  await it.client.publishAsync(topic, forger.seal(topic, '{"jsVars":9}'));
  await it.during(says(answers, /^An answer had a wrong signature/));
  const friend = new Signer(KEY, "friend");
  const sealed = friend.seal(topic, '{"jsVars":8}');
  await it.client.publishAsync(topic, sealed);
  await it.during(says(answers, '{"jsVars":8}'));
  await it.client.publishAsync(topic, sealed);
  await it.during(says(answers, /^An old answer came again/));
  assert.doesNotMatch((await answers.textContent())!, /"jsVars":9/);
});

test("live page: signs without WebCrypto, where the page is neither https nor local", { skip }, async (t) => {
  const file = fileURLToPath(await fileAddress("dashboard"));
  const server = createServer(async (_, response) => response.end(await readFile(file)));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const it = await live(t, SIGNED);
  const { port } = server.address() as AddressInfo;
  const page = await opened(t, `http://${PLAIN_HOST}:${port}/${wordsFor(it.port)}`);
  assert.equal(await page.evaluate(() => typeof crypto.subtle), "undefined");
  await it.during(page.getByRole("button", { name: /^lamp/ }).click());
  await typeKey({ ...it, page }, KEY);
  await it.during(page.getByRole("button", { name: "Report now" }).click());
  await it.during(says(page, /signature checked/));
});

function store(): { state: SignState; load(): SignState; save(state: SignState): void } {
  const it = {
    state: { epoch: 0, peers: {} } as SignState,
    load: () => structuredClone(it.state),
    save: (state: SignState) => {
      it.state = state;
    },
  };
  return it;
}

test("envelopes of the page are those of docs/signing.mjs, both ways", async () => {
  const other = new Signer(KEY, "server");
  const signer = await newSigner(keyOf(KEY)!, "page", store(), () => 1);
  for (const payload of ["on", "", "grüß"]) {
    const opened = other.open("a/b", Buffer.from(await seal(signer, "a/b", payload)));
    assert.equal(opened.payload?.toString(), payload);
    const back = await open(signer, "a/b", other.seal("a/b", payload));
    assert.equal("payload" in back && new TextDecoder().decode(back.payload), payload);
  }
  const elsewhere = await open(signer, "a/c", other.seal("a/b", "on"));
  assert.deepEqual(elsewhere, { why: "wrong signature" });
  for (const length of [0, 1, 10, 23])
    assert.deepEqual(await open(signer, "a/b", other.seal("a/b", "on").subarray(0, length)), {
      why: "not signed",
    });
});

test("two windows of one browser: each begins an epoch above the other's", async () => {
  const shared = store();
  const other = new Signer(KEY, "server");
  const windows = [
    await newSigner(keyOf(KEY)!, "page", shared, () => 5),
    await newSigner(keyOf(KEY)!, "page", shared, () => 5),
  ];
  for (const window of [0, 1, 0, 0, 1]) {
    const sealed = Buffer.from(await seal(windows[window]!, "a", "x"));
    assert.equal(other.open("a", sealed).payload?.toString(), "x");
  }
  const before = windows[0]!.epoch;
  renew(windows[0]!);
  await seal(windows[0]!, "a", "x");
  assert.ok(windows[0]!.epoch > before);
});
