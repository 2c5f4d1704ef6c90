// Manifests and their signatures: what boards are told, what is refused, and that the board's own check agrees.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { nameOf } from "../../board/virtual/program.ts";
import { VERSION } from "../../src/config/boot.ts";
import { beginCheck, GOOD, goOn } from "../../src/sign/slh-dsa.ts";
import { MAX_MANIFEST_BYTES, manifestBytes, PRODUCT, parseManifest } from "../../tools/update/manifest.ts";
import { isSigned, newKeyPair, sign } from "../../tools/update/signature.ts";
import { placeOf } from "../../tools/update/topics.ts";
import { NodeHash, piecesOf, verdictOf } from "../sign/slh-rig.ts";
import { QuickSigner } from "./quick-signer.ts";
import { CODE, failure, manifest } from "./rig.ts";

test("a manifest says what the program's file says", () => {
  const made = manifest(7, 5);
  assert.equal(made.sha256, createHash("sha256").update(CODE, "latin1").digest("hex"));
  assert.equal(made.program, nameOf(CODE));
  assert.equal(made.version, VERSION);
  assert.deepEqual([made.counter, made.share, made.product], [7, 5, PRODUCT]);
  assert.deepEqual(parseManifest(manifestBytes(made)), made);
});

test("a manifest that is too long is not published", () => {
  const long = { ...manifest(), app: "x".repeat(MAX_MANIFEST_BYTES) };
  assert.throws(() => manifestBytes(long), failure("usage", /the manifest has \d+ bytes, 512 at most/));
});

test("what is no manifest is named by its member", () => {
  const wrong = (text: string) => {
    const parsed = parseManifest(Buffer.from(text));
    return "wrong" in parsed ? parsed.wrong : "";
  };
  const with_ = (change: object) => wrong(JSON.stringify({ ...manifest(), ...change }));
  assert.equal(with_({}), "");
  assert.equal(wrong("{"), "it is not JSON");
  assert.equal(wrong("null"), "it is no object");
  assert.match(wrong(" ".repeat(513)), /^it has 513 bytes/);
  const members: Record<string, unknown[]> = {
    product: ["other", undefined],
    app: ["", "a b", 1],
    counter: [0, 1.5, "7", 2 ** 31],
    program: ["7324dc9b 4600", "7324DC9B 1 2", 7],
    sha256: ["00", "G".repeat(64)],
    oldest: ["2.25", undefined],
    share: [0, 101, "5"],
  };
  for (const [name, values] of Object.entries(members))
    for (const value of values) assert.equal(with_({ [name]: value }), `its "${name}" is missing or wrong`);
});

test("a signature of this tool: the board's check takes it, and no other key, manifest or length", () => {
  const [pair, other] = [newKeyPair(), new QuickSigner("other")];
  const bytes = manifestBytes(manifest());
  const signature = sign(bytes, pair.privateKey);
  const [key, message, text] = [pair.publicKey, bytes, signature].map((each) => each.toString("latin1"));
  const check = beginCheck(key!, message!, PRODUCT, piecesOf(text!), new NodeHash());
  assert.equal(verdictOf(check, goOn), GOOD);
  assert.ok(isSigned(bytes, signature, pair.publicKey));
  assert.ok(!isSigned(bytes, signature, other.publicKey));
  assert.ok(!isSigned(manifestBytes(manifest(2)), signature, pair.publicKey));
  assert.ok(!isSigned(bytes, signature.subarray(1), pair.publicKey));
});

test("topics below update: manifests of channels, blocks of programs, and others, which are left alone", () => {
  const base = "lab/devices";
  const place = (rest: string) => placeOf(base, `${base}/update/${rest}`);
  assert.deepEqual(place("stable"), { channel: "stable" });
  const program = `${base}/update/0123456789abcdef`;
  assert.deepEqual(place("0123456789abcdef/0"), { program, block: "0" });
  assert.deepEqual(place("0123456789abcdef/s7"), { program, block: "s7" });
  for (const rest of ["a b", "0123456789abcdef/x", "0123456789abcde/0", "0123456789abcdef/0/1", "stable/0"])
    assert.equal(place(rest), undefined, rest);
  assert.equal(placeOf(base, `${base}/kitchen/update`), undefined);
});
