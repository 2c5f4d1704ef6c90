// The check of SLH-DSA-SHA2-128s (FIPS 205) against NIST's vectors, against signatures of @noble/post-quantum, and against a
// few hundred others that it must refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { slh_dsa_sha2_128s as noble } from "@noble/post-quantum/slh-dsa.js";
import { slh } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { randomOf, SEED } from "../support/random.ts";
import { NodeHash, piecesOf, VECTORS, verdictOf } from "./slh-rig.ts";

const bytes = (text: Bytes) => new Uint8Array(Buffer.from(text, "latin1"));
const text = (view: Uint8Array) => Buffer.from(view).toString("latin1");

interface Signed {
  key: Bytes;
  message: Bytes;
  context: Bytes;
  signature: Bytes;
}

const verdict = ({ key, message, context, signature }: Signed) =>
  verdictOf(slh.beginCheck(key, message, context, piecesOf(signature), new NodeHash()), slh.goOn);

/** Signing takes seconds, so there is one signature of our own. */
const genuine: Signed = (() => {
  const random = randomOf(1);
  const { publicKey, secretKey } = noble.keygen(bytes(random.bytes(48)));
  const message = JSON.stringify({ product: "espruino-mqtt-ws", counter: 7, version: "0.2.0" });
  const context = "espruino-mqtt-ws";
  const signature = noble.sign(bytes(message), secretKey, { context: bytes(context), extraEntropy: false });
  return { key: text(publicKey), message, context, signature: text(signature) };
})();

test("NIST's vectors: each verdict is theirs", () => {
  assert.equal(VECTORS.length, 9);
  for (const [i, { good, key, message, signature }] of VECTORS.entries()) {
    const check = slh.beginInternal(key, message, piecesOf(signature), new NodeHash());
    assert.equal(verdictOf(check, slh.goOn), good ? slh.GOOD : slh.BAD, `vector ${i}`);
  }
});

test("a genuine signature with a context: good; under another context, or none: bad", () => {
  assert.equal(verdict(genuine), slh.GOOD);
  for (const context of ["", "espruino", "espruino-mqtt-ws\0", "x".repeat(255)])
    assert.equal(verdict({ ...genuine, context }), slh.BAD);
});

test("a context that moved into the message: bad", () => {
  const { context, message } = genuine;
  const moved = { context: context.slice(0, -1), message: context.slice(-1) + message };
  assert.equal(verdict({ ...genuine, ...moved }), slh.BAD);
});

test("lengths that no key, signature or context has: the check does not begin", () => {
  const { key, signature } = genuine;
  const begins = (change: Partial<Signed>) => {
    const all = { ...genuine, ...change };
    return slh.beginCheck(all.key, all.message, all.context, piecesOf(all.signature), new NodeHash());
  };
  assert.ok(begins({}));
  for (const other of ["", key.slice(1), `${key}\0`, key + key]) assert.ok(!begins({ key: other }));
  for (const other of ["", signature.slice(1), `${signature}\0`, signature.slice(0, 16)])
    assert.ok(!begins({ signature: other }));
  assert.ok(begins({ context: "x".repeat(255) }));
  assert.ok(!begins({ context: "x".repeat(256) }));
  assert.equal(verdict({ ...genuine, message: "" }), slh.BAD);
});

/** Changes what is signed, or the signature, in one of many ways. */
function mutated(random: ReturnType<typeof randomOf>): Signed {
  const change = (old: Bytes) => {
    const at = random.below(old.length);
    const other = String.fromCharCode(old.charCodeAt(at) ^ (1 << random.below(8)));
    return old.slice(0, at) + other + old.slice(at + 1);
  };
  const { key, message, context, signature } = genuine;
  switch (random.below(10)) {
    case 0:
      return { ...genuine, key: change(key) };
    case 1:
      return { ...genuine, message: change(message) };
    case 2:
      return { ...genuine, message: message.slice(0, random.below(message.length)) };
    case 3:
      return { ...genuine, context: change(context) };
    case 4: {
      // Two hashes of the signature change places.
      const [a, b] = [random.below(490), random.below(491)].sort((x, y) => x - y) as [number, number];
      const hash = (i: number) => signature.slice(i * 16, i * 16 + 16);
      const parts = Array.from({ length: 491 }, (_, i) => hash(i === a ? b : i === b ? a : i));
      return { ...genuine, signature: a === b ? change(signature) : parts.join("") };
    }
    case 5: {
      const at = random.below(491) * 16;
      return { ...genuine, signature: signature.slice(0, at) + random.bytes(16) + signature.slice(at + 16) };
    }
    case 6:
      return { ...genuine, signature: random.bytes(signature.length) };
    default:
      return { ...genuine, signature: change(signature) };
  }
}

test("200 mutated signatures, keys, messages, contexts: each is refused, none throws", () => {
  const random = randomOf(SEED);
  for (let i = 0; i < 200; i++)
    assert.equal(verdict(mutated(random)), slh.BAD, `mutation ${i}, FUZZ_SEED=${SEED}`);
});

test("every hash of a signature counts", () => {
  for (let at = 0; at < slh.SIGNATURE; at += 16) {
    const other = String.fromCharCode(genuine.signature.charCodeAt(at) ^ 1);
    const signature = genuine.signature.slice(0, at) + other + genuine.signature.slice(at + 1);
    assert.equal(verdict({ ...genuine, signature }), slh.BAD, `byte ${at}`);
  }
});

test("a slice: at most 125 hashes, then the memory is put in order once; the record is empty in the end", () => {
  const hash = new NodeHash();
  const check = slh.beginCheck(
    genuine.key,
    genuine.message,
    genuine.context,
    piecesOf(genuine.signature),
    hash,
  )!;
  let slices = 0;
  let verdict = 0;
  while (!verdict) {
    const before = hash.calls;
    verdict = slh.goOn(check);
    slices++;
    assert.ok(hash.calls - before <= 125, `slice ${slices}: ${hash.calls - before} hashes`);
    assert.equal(hash.collects, slices);
  }
  assert.equal(verdict, slh.GOOD);
  for (const value of Object.values(check)) assert.notEqual(typeof value, "object");
});

test("no memory for a hash, whichever: the check throws, and calls no signature bad", () => {
  const { key, message, context, signature } = genuine;
  const check = (hash: NodeHash) =>
    verdictOf(slh.beginCheck(key, message, context, piecesOf(signature), hash), slh.goOn);
  // A list is longer than a pair. Behind a list is the end of a layer's tree.
  const all = new NodeHash();
  const lists: number[] = [];
  const sha256 = all.sha256.bind(all);
  all.sha256 = (bytes) => {
    if (bytes.length > 118) lists.push(all.calls);
    return sha256(bytes);
  };
  assert.equal(check(all), slh.GOOD);
  const calls = [0, 1, 2, 3, 14, 15, ...lists.flatMap((at) => [at - 1, at, at + 1, at + 9]), all.calls - 1];
  for (const failing of calls.filter((at) => at >= 0 && at < all.calls)) {
    const hash = new NodeHash();
    const works = hash.sha256.bind(hash);
    hash.sha256 = (bytes) => {
      const hashed = works(bytes);
      return hash.calls === failing + 1 ? (undefined as unknown as Uint8Array) : hashed;
    };
    assert.throws(() => check(hash), `hash ${failing}`);
  }
});
