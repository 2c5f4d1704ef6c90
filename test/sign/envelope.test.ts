// Sealing and opening: the layout byte by byte, both ways between our signer and the reference for Node, and everything
// that an attacker, a broker or the network can do to an envelope.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sign } from "#subject";
import { Signer as Reference } from "../../docs/signing.mjs";
import { FakeBoard } from "../support/fake-board.ts";
import { randomOf, SEED } from "../support/random.ts";
import { hex, wire } from "../support/wire.ts";
import { KEY, newSigner, signerOn } from "./rig.ts";

const KEY_HEX = Buffer.from(KEY, "latin1").toString("hex");
const buffer = (bytes: string) => Buffer.from(bytes, "latin1");

test("an envelope has the layout of the docs, byte by byte", () => {
  const subject = newSigner("esp");
  const head = wire`
    11           ; version 1, FRESH: the first epoch since a restart
    03 'esp'     ; sender id
    00000001     ; epoch
    0000         ; sequence
    'on'         ; payload
  `;
  const tag = subject.hmac(subject.pads, "\0\x05a/b/c", head)!.slice(0, 16);
  assert.equal(hex(sign.seal(subject, "a/b/c", "on")!), hex(head + tag));
  assert.equal(hex(sign.seal(subject, "a/b/c", "")!).slice(10, 22), "000000010001", "counts");
});

test("a whole envelope equals one whose tag Python computed", () => {
  // Python: hmac.new(bytes(range(32)), b"\\0\\5a/b/c" + head, "sha256").digest()[:16]
  assert.equal(
    hex(sign.seal(newSigner("esp"), "a/b/c", "on")!),
    "11036573700000000100006f6e" + "cb73229c338a9da803aca77da1eee454",
  );
});

test("random topics, ids and payloads: board and Node reference open each other's envelopes", () => {
  const random = randomOf(SEED);
  for (let round = 0; round < 300; round++) {
    const note = `FUZZ_SEED=${SEED} round ${round}`;
    const id = Buffer.from(random.bytes(1 + random.below(12)), "latin1")
      .toString("hex")
      .slice(0, 1 + random.below(24));
    const topic = Buffer.from(random.bytes(1 + random.below(60)), "latin1").toString("hex");
    const payload = random.bytes(random.below(400));
    const board = newSigner(id);
    const node = new Reference(KEY_HEX, `${id}!`);
    assert.equal(
      sign.open(board, topic, node.seal(topic, buffer(payload)).toString("latin1")),
      payload,
      note,
    );
    const opened = node.open(topic, buffer(sign.seal(board, topic, payload)!));
    assert.deepEqual([opened.sender, opened.payload?.toString("latin1")], [id, payload], note);
  }
});

test("a byte changed, removed, doubled or inserted, another topic or key: dropped, counted, logged", () => {
  const board = new FakeBoard();
  const subject = signerOn(board);
  const envelope = sign.seal(newSigner("other"), "a/b", "open the door")!;
  const forged: string[] = [""];
  for (let at = 0; at < envelope.length; at++) {
    const [before, behind] = [envelope.slice(0, at), envelope.slice(at + 1)];
    for (const byte of [1, 0x80, 0xff])
      forged.push(before + String.fromCharCode(envelope.charCodeAt(at) ^ byte) + behind);
    forged.push(
      before,
      before + behind,
      before + envelope[at] + envelope.slice(at),
      `${before}\0${envelope.slice(at)}`,
    );
  }
  forged.push(`${envelope}\0`, envelope + envelope, envelope.slice(0, -16));
  for (const bytes of forged) {
    if (bytes !== envelope) assert.equal(sign.open(subject, "a/b", bytes), undefined, hex(bytes));
  }
  for (const topic of ["a/c", "a/b/", "a", "", "a/b\0"])
    assert.equal(sign.open(subject, topic, envelope), undefined);
  const stranger = sign.seal(newSigner("other", KEY.slice(1)), "a/b", "open the door")!;
  assert.equal(sign.open(subject, "a/b", stranger), undefined);
  assert.equal(subject.dropped, board.lines.length);
  assert.ok(subject.dropped > 300);
  for (const line of board.log) assert.match(line, /^1 sign dropped, (not signed|wrong signature): a?/);
  assert.ok(!board.text.includes("door"), "what is not from a holder of the key is not logged");
  assert.deepEqual(subject.peers, [], "nor remembered");
  assert.deepEqual(board.saves, []);
  assert.equal(sign.open(subject, "a/b", envelope), "open the door", "the true one is still good");
});

test("a byte moved between topic and envelope: the envelope is dropped", () => {
  // Without its length in front of it, a topic could end anywhere.
  const subject = newSigner();
  const head = `${String.fromCharCode(0x10, 1)}x\0\0\0\x01\0\0p`;
  const tag = subject.hmac(subject.pads, `\0\x02t${head[0]}`, head.slice(1))!.slice(0, 16);
  assert.equal(sign.open(subject, "t", head + tag), undefined);
});

test("random bytes: never accepted as signed", () => {
  const random = randomOf(SEED);
  const subject = newSigner();
  for (let round = 0; round < 3000; round++) {
    const head = random.below(2) ? String.fromCharCode(0x10 | random.below(2), random.below(34)) : "";
    assert.equal(
      sign.open(subject, "t", head + random.bytes(random.below(80))),
      undefined,
      `FUZZ_SEED=${SEED}`,
    );
  }
});
