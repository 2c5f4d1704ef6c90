// Hostile envelopes: one that no holder of the key has sealed is never opened, changes no state, and causes no write to
// flash. A genuine one is opened once.
import assert from "node:assert/strict";
import { sign, signer } from "#subject";
import { KEY, newSigner, signerOn } from "../sign/rig.ts";
import { FakeBoard } from "../support/fake-board.ts";
import type { Random } from "../support/random.ts";
import type { Target } from "./fuzzer.ts";

const TOPIC = "lab/command";

function genuine(): string[] {
  return ["other", "x", "i".repeat(32)].flatMap((id) => {
    const sender = newSigner(id);
    return ["", "on", "x".repeat(200)].map((payload) => sign.seal(sender, TOPIC, payload)!);
  });
}
const GENUINE = genuine();

export const envelopes: Target = {
  name: "envelopes",
  cases: 2000,
  make(random: Random) {
    if (random.below(4) === 0) {
      // A wrong tag behind a good layout.
      const id = random.bytes(1 + random.below(32));
      return (
        String.fromCharCode(0x10 | random.below(2), id.length) + id + random.bytes(22 + random.below(40))
      );
    }
    return GENUINE[random.below(GENUINE.length)]!;
  },
  check(bytes) {
    const board = new FakeBoard();
    const subject = signerOn(board);
    const opened = sign.open(subject, TOPIC, bytes);
    assert.equal(opened !== undefined, GENUINE.includes(bytes), "opened");
    assert.equal(board.saves.length, opened === undefined ? 0 : 1);
    assert.ok(subject.peers.length <= signer.MAX_PEERS);
    assert.equal(sign.open(subject, TOPIC, bytes), undefined, "opened twice");
    assert.equal(sign.open(signerOn(board), TOPIC, bytes), undefined, "opened again after a restart");
    assert.ok(!board.text.includes(KEY.slice(0, 6)));
    // The same bytes as the state in flash are not trusted either.
    board.files = { "sign.0": bytes, "sign.1": bytes.slice(1) };
    assert.deepEqual([signerOn(board).peers, signerOn(board).saves], [[], 0]);
  },
};
