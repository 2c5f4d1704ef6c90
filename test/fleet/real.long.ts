// A small fleet with a real cluster: ejabberd with three nodes, HAProxy in front.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Result } from "../../bench/fleet/figures.ts";
import { ratioOf } from "../../bench/fleet/figures.ts";
import { fleetOptions, lacking } from "../../bench/fleet/options.ts";
import { MOST_ATTEMPTS, save } from "../../bench/fleet/report.ts";
import { Run } from "../../bench/fleet/run.ts";

const missing = lacking("ejabberd");
if (missing && process.env.CI) throw new Error(missing);

test("fleet: all nodes of a cluster are restarted: every board comes back, and no message is lost or doubled by the firmware", {
  skip: missing || false,
}, async (t) => {
  const words = "--broker ejabberd --story restart --boards 60 --every 5 --calm 10 --workers 2";
  const folder = mkdtempSync(join(tmpdir(), "fleet-results-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const run = await Run.start(fleetOptions(words.split(" ")), (line) => t.diagnostic(line));
  t.after(() => run.stop());
  const told: Result[] = [];
  await run.tell((result) => told.push(result));
  const [result] = told;
  save(result!, folder);
  const { messages, commands, givenUp } = result!.accounts;
  t.diagnostic(`peak over mean ${ratioOf(result!.curve).toFixed(2)}`);
  assert.ok(result!.curve.until[100] !== undefined, "all boards are up");
  assert.ok(result!.mostAttempts <= MOST_ATTEMPTS, `${result!.mostAttempts} attempts in a minute`);
  assert.ok(messages.sent[0] >= 60 && messages.sent[1] >= 60, `${messages.sent} messages`);
  for (const account of [messages, commands]) {
    assert.deepEqual(account.lost.ours, [0, 0]);
    assert.equal(account.doubled.ours, 0);
  }
  assert.deepEqual(givenUp, {});
});
