// A message is accepted once: despite replays, restarts, power cuts and a full flash, for several senders, and with few writes to
// flash.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sign, signer } from "#subject";
import { Signer as Reference, type State } from "../../docs/signing.mjs";
import { FakeBoard } from "../support/fake-board.ts";
import { hmac } from "../support/hmac.ts";
import { randomOf, SEED } from "../support/random.ts";
import { KEY, newSigner, signerOn } from "./rig.ts";

const KEY_BASE64 = Buffer.from(KEY, "latin1").toString("base64");

test("an envelope is accepted once, and one older than the newest accepted is dropped", () => {
  const board = new FakeBoard();
  const subject = signerOn(board);
  const other = newSigner("other");
  const [first, second, third] = [1, 2, 3].map((n) => sign.seal(other, "t", `${n}`)!);
  assert.equal(sign.open(subject, "t", first!), "1");
  assert.equal(sign.open(subject, "t", first!), undefined, "again");
  assert.equal(sign.open(subject, "t", third!), "3");
  assert.equal(sign.open(subject, "t", second!), undefined, "too late");
  assert.equal(subject.dropped, 2);
  assert.deepEqual(board.log, Array(2).fill("1 sign dropped, old message of other: t"));
});

test("several senders: each has its own count", () => {
  const subject = newSigner();
  for (let i = 0; i < 3; i++) {
    for (const id of ["a", "b", "board"]) {
      const other = newSigner(id);
      for (let n = 0; n < i; n++) sign.seal(other, "t", "");
      assert.equal(sign.open(subject, "t", sign.seal(other, "t", id)!), id);
    }
  }
});

test("65,536 messages: each side writes to flash once, and once more after a restart", () => {
  const board = new FakeBoard();
  const far = new FakeBoard();
  let other = signerOn(far, "other");
  const subject = signerOn(board);
  for (let n = 0; n < 65536; n++) {
    const envelope = sign.seal(other, "t", "x")!;
    if (n % 1000 === 0 || n > 65530) assert.equal(sign.open(subject, "t", envelope), "x");
  }
  assert.deepEqual([far.saves.length, board.saves.length], [1, 1]);
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "y")!), "y", "the next epoch");
  assert.deepEqual([far.saves.length, board.saves.length], [2, 2]);
  other = signerOn(far, "other");
  assert.equal(far.saves.length, 2, "power-on alone writes nothing");
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "z")!), "z");
  assert.deepEqual([far.saves.length, board.saves.length], [3, 3]);
});

test("a sender restarts: it uses no number twice", () => {
  const board = new FakeBoard();
  const receiver = newSigner("receiver");
  for (let boots = 0; boots < 20; boots++) {
    const subject = signerOn(board);
    for (let n = 0; n < boots % 3; n++)
      assert.equal(sign.open(receiver, "t", sign.seal(subject, "t", `${n}`)!), `${n}`, `boot ${boots}`);
  }
});

test("a receiver restarts: envelopes from before its restart are dropped", () => {
  const board = new FakeBoard();
  let subject = signerOn(board);
  const other = newSigner("other");
  const heard = Array.from({ length: 50 }, (_, n) => sign.seal(other, "t", `${n}`)!);
  for (const envelope of heard.slice(0, 20)) assert.ok(sign.open(subject, "t", envelope));
  subject = signerOn(board);
  for (const envelope of heard) assert.equal(sign.open(subject, "t", envelope), undefined);
});

test("a sender sees that the receiver restarted: it starts one new epoch, and its messages are accepted", () => {
  const board = new FakeBoard();
  const far = new FakeBoard();
  let subject = signerOn(board);
  const other = signerOn(far, "other");
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "1")!), "1");
  subject = signerOn(board);
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "2")!), undefined, "deaf until then");
  assert.equal(sign.open(other, "t", sign.seal(subject, "t", "back again")!), "back again");
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "3")!), "3");
  const saves = [board.saves.length, far.saves.length];
  for (let n = 0; n < 20; n++) {
    assert.ok(sign.open(other, "t", sign.seal(subject, "t", "a")!));
    assert.ok(sign.open(subject, "t", sign.seal(other, "t", "b")!));
  }
  assert.deepEqual([board.saves.length, far.saves.length], saves, "no ping-pong");
});

test("the broker echoes our own messages: they are accepted and are not taken for a restart", () => {
  const subject = newSigner();
  const [first, second] = [sign.seal(subject, "t", "1")!, sign.seal(subject, "t", "2")!];
  assert.deepEqual([sign.open(subject, "t", first), sign.open(subject, "t", second)], ["1", "2"]);
  assert.equal(subject.epoch, 1);
  assert.equal(subject.seq, 2);
});

test("board and Node reference restart in any order: each soon accepts the other's messages again", () => {
  const random = randomOf(SEED);
  for (let round = 0; round < 100; round++) {
    const board = new FakeBoard();
    let state: State = {};
    const node = () =>
      new Reference(KEY_BASE64, "node", state, (now) => {
        state = JSON.parse(JSON.stringify(now));
      });
    let there = node();
    let here = signerOn(board);
    const played: string[] = [];
    for (let step = 0; step < 30; step++) {
      const kind = random.below(8);
      if (kind === 0) here = signerOn(board);
      if (kind === 1) there = node();
      for (const envelope of played)
        assert.equal(sign.open(here, "t", envelope), undefined, `FUZZ_SEED=${SEED}`);
      // The board sends first, as it does when it is UP.
      const said = there.open("t", Buffer.from(sign.seal(here, "t", `${step}`)!, "latin1"));
      assert.equal(said.payload?.toString(), `${step}`, `FUZZ_SEED=${SEED} round ${round}: ${said.why}`);
      const envelope = there.seal("t", `${step}`).toString("latin1");
      assert.equal(sign.open(here, "t", envelope), `${step}`, `FUZZ_SEED=${SEED} round ${round}`);
      played.push(envelope);
    }
  }
});

test("the flash is full: nothing is signed, no new message is accepted, and the log says why", () => {
  const board = new FakeBoard();
  board.refusal = "Storage is full";
  const subject = signerOn(board);
  assert.equal(sign.seal(subject, "t", "x"), undefined);
  assert.deepEqual(board.log, ["1 sign cannot note what was used: Storage is full"]);
  const other = newSigner("other");
  const envelope = sign.seal(other, "t", "x")!;
  assert.equal(sign.open(subject, "t", envelope), undefined);
  assert.match(board.log.at(-1)!, /dropped, it could come again: t/);
  board.refusal = "";
  assert.equal(sign.open(subject, "t", envelope), "x", "it has not been used");
  assert.ok(sign.seal(subject, "t", "x"));
  board.refusal = "Storage is full";
  assert.ok(sign.seal(subject, "t", "x"), "what is reserved stays good");
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "y")!), "y");
  const next = signerOn(other.board as FakeBoard, "other");
  assert.equal(
    sign.open(subject, "t", sign.seal(next, "t", "z")!),
    undefined,
    "another epoch would have to be noted",
  );
  assert.equal(sign.open(subject, "t", sign.seal(other, "t", "y")!), "y", "the old one goes on");
});

test("a power cut during any save: the other file is intact, and no count is lost", () => {
  const board = new FakeBoard();
  const other = newSigner("other");
  const heard: string[] = [];
  for (let boots = 0; boots < 12; boots++) {
    const subject = signerOn(board);
    const far = signerOn(other.board as FakeBoard, "other");
    for (const envelope of heard) assert.equal(sign.open(subject, "t", envelope), undefined, `boot ${boots}`);
    const envelope = sign.seal(far, "t", "x")!;
    heard.push(envelope);
    assert.equal(sign.open(subject, "t", envelope), "x");
    const before = { ...board.files };
    sign.seal(subject, "t", "y");
    const name = board.saves.at(-1)!;
    // The file is erased, half written, or written over another one.
    if (boots % 4 === 1) delete board.files[name];
    if (boots % 4 === 2) board.files[name] = board.files[name]!.slice(0, boots);
    if (boots % 4 === 3)
      board.files[name] = board.files[name]!.slice(0, 9) + (before[name] ?? "\xff").slice(9);
  }
});

test("a ninth sender: it replaces none of the eight known senders", () => {
  const board = new FakeBoard();
  const subject = signerOn(board);
  const envelopes = Array.from({ length: 10 }, (_, i) => sign.seal(newSigner(`sender ${i}`), "t", `${i}`)!);
  const opened = envelopes.map((envelope) => sign.open(subject, "t", envelope));
  assert.deepEqual(opened, ["0", "1", "2", "3", "4", "5", "6", "7", undefined, undefined]);
  assert.match(board.log[0]!, /dropped, more than 8 senders: t/);
  assert.equal(subject.peers.length, signer.MAX_PEERS);
  const after = signerOn(board);
  for (const envelope of envelopes) assert.equal(sign.open(after, "t", envelope), undefined);
});

test("unusual sender ids (names of built-in properties, the longest id, any bytes): an envelope is accepted once", () => {
  for (const id of ["__proto__", "toString", "on", "constructor", "i".repeat(32), "\0\xff\n"]) {
    const board = new FakeBoard();
    const subject = signerOn(board);
    const envelope = sign.seal(newSigner(id), "t", "x")!;
    assert.equal(sign.open(subject, "t", envelope), "x", id);
    assert.equal(sign.open(subject, "t", envelope), undefined, id);
    assert.equal(sign.open(signerOn(board), "t", envelope), undefined, id);
    const node = new Reference(KEY_BASE64, "node");
    assert.equal(node.open("t", Buffer.from(envelope, "latin1")).payload?.toString(), "x");
    assert.equal(node.open("t", Buffer.from(envelope, "latin1")).why, "old message");
  }
});

test("the key changes: the counts start again", () => {
  const board = new FakeBoard();
  const old = signerOn(board);
  sign.open(old, "t", sign.seal(newSigner("other"), "t", "x")!);
  const subject = signerOn(board, "board", `${KEY.slice(1)}!`);
  assert.deepEqual([subject.peers, subject.epoch], [[], 0]);
});

test("epochs above 31 bits, up to the last one: accepted once, also after a restart", () => {
  const subject = newSigner();
  for (const epoch of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    const node = new Reference(KEY_BASE64, "node", { epoch: epoch - 1 });
    const envelope = node.seal("t", "x").toString("latin1");
    assert.equal(sign.open(subject, "t", envelope), "x");
    const after = signerOn(subject.board as FakeBoard);
    assert.equal(after.peers[0]!.epoch, epoch);
    assert.equal(sign.open(after, "t", envelope), undefined);
  }
});

test("no memory for a tag: nothing is signed, nothing is accepted", () => {
  const board = new FakeBoard();
  const subject = signerOn(board, "board", KEY, (...text) => (board.luck ? hmac(...text) : undefined));
  const envelope = sign.seal(newSigner("other"), "t", "x")!;
  assert.ok(sign.seal(subject, "t", "x"));
  board.luck = 0;
  assert.equal(sign.seal(subject, "t", "x"), undefined);
  assert.equal(sign.open(subject, "t", envelope), undefined);
  board.luck = 0.5;
  assert.equal(sign.open(subject, "t", envelope), "x");
});
