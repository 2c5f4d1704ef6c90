// The signer of the tests: its signatures are as good as those of a real signer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isSigned, SIGNATURE_BYTES } from "../../tools/update/signature.ts";
import { QuickSigner } from "./quick-signer.ts";

test("a signature of the quick signer: good for its message and key alone, says the library that the tool uses", () => {
  const signer = new QuickSigner("one");
  for (const text of ["", "message", "another message"]) {
    const signature = signer.sign(Buffer.from(text));
    assert.equal(signature.length, SIGNATURE_BYTES);
    assert.ok(isSigned(Buffer.from(text), signature, signer.publicKey));
    assert.ok(!isSigned(Buffer.from(`${text}.`), signature, signer.publicKey));
    assert.ok(!isSigned(Buffer.from(text), signature, new QuickSigner("two").publicKey));
    assert.ok(
      !isSigned(Buffer.from(text), signer.sign(Buffer.from(text), Buffer.alloc(0)), signer.publicKey),
    );
  }
});
