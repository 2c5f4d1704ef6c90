// The figures of a fleet's story, from counts in time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Moment } from "../../bench/fleet/boards/ledger.ts";
import { Ledger } from "../../bench/fleet/boards/ledger.ts";
import { curveOf, ratioOf, seriesOf } from "../../bench/fleet/figures.ts";

/** 100 boards go down at 1 s; the broker listens from 10 s on; 10 boards a second connect and come up. */
const STORY: Moment[] = [
  [1000, 0, 0, 100],
  ...Array.from({ length: 10 }, (_, i): Moment => [10_000 + i * 1000, 10, 10, 0]),
];

/** The story of 100 boards that were all up, until so many ms. */
const count = (moments: Moment[], over: number) => ({
  ...{ moments, began: 0, ready: 10_000, over, boards: 100, upBefore: 100 },
});

test("fleet: boards that come back evenly: the peak is about the mean", () => {
  const curve = curveOf(count(STORY, 30_000));
  assert.deepEqual(curve.until, { 50: 4.1, 95: 9.1, 100: 9.1 });
  assert.equal(curve.peak, 10);
  assert.ok(ratioOf(curve) < 1, `${ratioOf(curve)}`);
});

test("fleet: boards that come back at once: the peak is a window of 5 s", () => {
  const late: Moment = [55_000, 4, 4, 0];
  const curve = curveOf(count([[1000, 0, 0, 100], [10_200, 96, 96, 0], late], 60_000));
  assert.equal(curve.peak, 96 / 5);
  assert.deepEqual(curve.until, { 50: 0.3, 95: 0.3, 100: 45.1 });
});

test("fleet: attempts before the broker listens are no connects of its peak", () => {
  const early: Moment[] = Array.from({ length: 9 }, (_, i) => [1000 + i * 1000, 50, 0, 0]);
  assert.deepEqual(curveOf(count([...early, ...STORY], 30_000)).peak, 10);
});

test("fleet: boards that go down again after they came back: only the last time counts", () => {
  const again: Moment[] = [...STORY, [20_000, 0, 0, 60], [25_000, 60, 60, 0]];
  assert.deepEqual(curveOf(count(again, 30_000)).until, { 50: 15.1, 95: 15.1, 100: 15.1 });
});

test("fleet: boards that never come back: there is no time", () => {
  assert.deepEqual(curveOf(count(STORY.slice(0, 6), 30_000)).until, { 50: 4.1 });
});

test("fleet: the series counts by seconds of the story", () => {
  const series = seriesOf(count(STORY, 20_000));
  assert.equal(series.from, 10);
  assert.deepEqual(series.up.slice(0, 12), [100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20]);
  assert.deepEqual(series.attempts.slice(9, 12), [0, 10, 10]);
});

test("fleet: the ledger keeps what was on the way when a connection ended, and what a lost session forgot", () => {
  const ledger = new Ledger();
  for (const line of [
    "= up 0",
    "= put 2 0",
    "= put 2 1",
    "= ack 2 0 0",
    "= down 256",
    "= up 0",
    "= ack 2 1 0",
  ])
    ledger.hear(7, line);
  const [page] = ledger.close();
  assert.deepEqual(
    [page!.to, page!.open, page!.cut, page!.forgotten, page!.lostSession],
    [[0, 2], [[], []], [[], [1]], [[], [1]], true],
  );
  ledger.hear(7, "= put 2 2");
  const [next] = ledger.close();
  assert.deepEqual([next!.from, next!.to, next!.open, next!.lostSession], [[0, 2], [0, 3], [[], [2]], false]);
});
