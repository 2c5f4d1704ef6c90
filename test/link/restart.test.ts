// 10,000 boards whose broker was restarted: the back-off spreads their connects, whatever they meet meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DOWN_S, RATES, restarted, WAYS } from "../../bench/restart-model.ts";
import { chance } from "../support/random.ts";

for (const way of WAYS)
  for (const downS of DOWN_S)
    test(`restart: down ${downS} s, ${way}: the peak of connects is at most twice the mean, and all are back within 90 s`, () => {
      for (const rate of RATES) {
        const { ratio, last, attempts } = restarted({ boards: 10_000, downS, rate, way }, chance(1));
        assert.ok(ratio <= 2, `${rate} log-ins a second: ${ratio}`);
        assert.ok(last <= 90, `${rate} log-ins a second: ${last} s`);
        assert.ok(attempts <= 12, `${rate} log-ins a second: ${attempts} attempts in a minute`);
      }
    });
