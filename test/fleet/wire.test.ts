// The witness at a board's socket: finds commands in any pieces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { witness } from "../../bench/fleet/boards/wire.ts";

/** Frames of a server with two commands: at QoS 1 in 3.1.1, at QoS 2 in MQTT 5. */
const BYTES =
  "\x82\x13\x32\x11\0\x0dfleet/b7/down\0\x0a1 42\x82\x13\x34\x11\0\x0dfleet/b7/down\x01\x0a\x002 7\x82\0";

function foundIn(pieces: string[]): Set<string> {
  const found = new Set<string>();
  const read = witness((qos, n) => found.add(`${qos} ${n}`));
  for (const piece of pieces) read(piece);
  return found;
}

test("fleet: the witness at a socket finds every command", () => {
  assert.deepEqual([...foundIn([BYTES])], ["1 42", "2 7"]);
});

test("fleet: the witness at a socket finds commands that come in single bytes", () => {
  const found = foundIn([...BYTES]);
  assert.ok(found.has("1 42") && found.has("2 7"), [...found].join());
});
