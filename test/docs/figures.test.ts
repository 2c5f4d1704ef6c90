// Figures in the text of README and the pages are those of their source: the bench's results, or the limits in the table
// of bundles. A new bench makes this test name the sentences to change.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { jobName, SPEED_JOBS } from "../../bench/jobs.ts";
import { results } from "../../bench/report.ts";
import { rowOf } from "../../build/bundles.ts";

const { rows } = results();
const row = (name: string) => rows.find((each) => each.name === name)!;
const STOCK = row("stock ws + MQTT");
const OURS = row("ours, full, stock ws");
const LEAN = row("ours, full, own handshake");

/** How many times as many instructions the stock modules take for a message at QoS 0: the least and the most. */
function times(): string {
  const ratios = SPEED_JOBS.filter(({ qos, atOnce }) => !qos && !atOnce)
    .map(jobName)
    .map((name) => STOCK.speed![name]!.instructions / OURS.speed![name]!.instructions);
  return `${Math.floor(Math.min(...ratios))} to ${Math.round(Math.max(...ratios))} times`;
}

const SENTENCES: [page: string, sentence: string][] = [
  [
    "README.md",
    `Connected, \`full\` takes ${OURS.flash} JsVars of an ESP32's 5,886, and ${LEAN.flash} as \`-lean\``,
  ],
  [
    "README.md",
    `own modules glued together take ${STOCK.flash}, and ${times()} as many instructions a message at QoS 0`,
  ],
  [
    "docs/sizes-and-bench.md",
    `the firmware takes ${OURS.flash} JsVars, or ${LEAN.flash} with its own handshake`,
  ],
  ["docs/sizes-and-bench.md", `modules glued together take ${STOCK.flash}.`],
  ["docs/sizes-and-bench.md", `device takes at most ${rowOf("device-lean").jsVars} with four pins`],
  ["docs/sizes-and-bench.md", `module \`mqtt-ws-lean\` takes at most ${rowOf("mqtt-ws-lean").jsVars}`],
  ["docs/module.md", `in Storage takes at most ${rowOf("mqtt-ws-lean").jsVars} JsVars`],
  ["docs/comparison.md", `in about ${LEAN.flash} JsVars`],
];

for (const [page, sentence] of SENTENCES)
  test(`docs: a figure is that of its source: ${page}: ${sentence}`, () => {
    const text = readFileSync(page, "utf8").replace(/\s+/g, " ");
    assert.ok(text.includes(sentence), `write in ${page}: ${sentence}`);
  });
