// Many messages in one go on a real engine: most do not fit into its unsent queue, and wait in the outbox. They leave by the
// short way when the line drains (src/mqtt/short/send-waiting.ts). Its functions stay in memory; each function of the general path is a
// part, which a call of the engine's Function makes (engine 10). So no more messages took the general path than parts were made.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { started } from "../../bench/engine/measure.ts";
import type { Ports, Stack } from "../../bench/engine/stack.ts";
import { moduleStack, ours } from "../../bench/engine/stacks.ts";
import { StepBroker } from "../../bench/engine/step-broker.ts";
import { hasByteStrings, noEngine } from "./engine.ts";

const MESSAGES = 40;
const BYTES = 500;
/** Most of them that may take the general path. */
const MOST_GENERAL = 2;

/** In front of the program: counts the functions that it makes, and says how many messages of a burst wait in the outbox. */
const COUNTER = `
var made = 0, waits;
Function = (function (make) {
  return function () { made++; return make.apply(null, arguments); };
})(Function);
function up(publish, waiting) { publishes = publish; waits = waiting; print("up"); }
function burst() { sendMany(); if (waits) print("waiting", waits()); }
`;

const MODULE = "the module";
const STACKS: [name: string, make: (ports: Ports) => Promise<Stack>][] = [
  ["full", (ports) => ours("full", true, ports)],
  ["tiny", (ports) => ours("tiny", true, ports)],
  ["MQTT 5", (ports) => ours("v5", true, ports)],
  ["stock ws", (ports) => ours("full", false, ports)],
  [MODULE, (ports) => moduleStack("full", ports)],
];

/** Publishes the messages twice, and returns the functions made for the second time: the first makes what later ones find. */
async function madeFor(t: TestContext, make: (ports: Ports) => Promise<Stack>): Promise<number> {
  const broker = await StepBroker.start();
  t.after(() => broker.stop());
  const stack = await make(broker.ports);
  const engine = started({ ...stack, program: COUNTER + stack.program }, "flash", { kind: "steps" });
  t.after(() => engine.off());
  await engine.line(/^up$/);
  engine.type("echo(0)");
  // Ticks make parts of their own.
  engine.type(`clearInterval();prepare(${BYTES},0,${MESSAGES})`);
  const made: number[] = [];
  while (made.length < 2) {
    engine.type("made=0;setTimeout(burst,0)");
    await broker.until("publish", (made.length + 1) * MESSAGES).catch((error: Error) => {
      throw new Error(`${error.message}; the engine says:\n${engine.lines.slice(-9).join("\n")}`);
    });
    engine.type(`print("made",${made.length},made)`);
    const said = await engine.line(new RegExp(`^made ${made.length} \\d+$`));
    made.push(Number(said.split(" ")[2]));
  }
  const waited = engine.lines.filter((line) => /^waiting/.test(line)).map((line) => Number(line.slice(8)));
  t.diagnostic(`${made.join(", then ")} functions made; waiting: ${waited.join(", ") || "not known"}`);
  for (const many of waited) assert.ok(many > MESSAGES / 2, `only ${many} messages waited`);
  assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY/);
  return made[1]!;
}

for (const [name, make] of STACKS)
  test(`${name}: of ${MESSAGES} messages in one go at least ${MESSAGES - MOST_GENERAL} leave by the short way`, {
    skip: noEngine,
  }, async (t) => {
    // Where strings have wide characters, as on no chip, it looks for them in each payload (engine 5).
    if (name === MODULE && !(await hasByteStrings()))
      return t.skip("needs an engine whose strings are bytes");
    const made = await madeFor(t, make);
    assert.ok(made <= MOST_GENERAL, `${made} functions made`);
  });

test("smallest, without short ways: each of the messages makes functions, and all leave", {
  skip: noEngine,
}, async (t) => {
  const made = await madeFor(t, (ports) => ours("smallest", true, ports));
  assert.ok(made >= MESSAGES, `${made} functions made`);
});
