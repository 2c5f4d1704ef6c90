// Messages that a broker keeps: which are taken, and when there are no more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Collection } from "../../tools/update/collection.ts";
import { MAX_MESSAGES } from "../../tools/update/limits.ts";

const KEPT = { retain: true };
const BYTE = Buffer.from("x");

test("what is published right now, and what is taken away, is not kept", () => {
  const collection = new Collection(() => false);
  collection.take("now", BYTE, { retain: false });
  collection.take("gone", Buffer.alloc(0), KEPT);
  collection.take("kept", BYTE, KEPT);
  collection.end();
  assert.deepEqual(collection.found, new Map([["kept", BYTE]]));
});

test("enough: it is complete at once", async () => {
  const collection = new Collection(({ size }) => size === 2);
  collection.take("a", BYTE, KEPT);
  collection.take("b", BYTE, KEPT);
  await collection.complete;
});

test("nothing came for a while: it is complete; each message begins the while again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const collection = new Collection(() => false);
  let complete = false;
  void collection.complete.then(() => {
    complete = true;
  });
  collection.wait();
  t.mock.timers.tick(1_999);
  collection.take("a", BYTE, KEPT);
  t.mock.timers.tick(1_999);
  await Promise.resolve();
  assert.equal(complete, false);
  t.mock.timers.tick(1);
  await collection.complete;
});

test("more messages than the bound: it ends, full", async () => {
  const collection = new Collection(() => false);
  for (let i = 0; i < MAX_MESSAGES; i++) collection.take(`${i}`, BYTE, KEPT);
  await collection.complete;
  assert.ok(collection.isFull);
  collection.end();
});
