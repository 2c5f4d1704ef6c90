// The command line of npm run fleet: what is wrong is said in one line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fleetOptions } from "../../bench/fleet/options.ts";
import { STORIES } from "../../bench/fleet/stories.ts";
import { UsageError } from "../../build/command-line.ts";

const WRONG: [words: string, says: RegExp][] = [
  ["--story flood", /^--story: expected cold, .*, got "flood"$/],
  ["--broker emqx", /^--broker: expected mosquitto, rabbitmq, ejabberd, got "emqx"$/],
  ["--boards 0", /^--boards: expected a whole number from 1 to 10000, got "0"$/],
  ["--boards many", /^--boards: expected a whole number from 1 to 10000, got "many"$/],
  ["--client paho", /^--client: expected ours, mqttjs, got "paho"$/],
  ["--bundle --client mqttjs", /^--bundle and --client mqttjs do not go together$/],
  ["--story balancer", /^--story balancer: mosquitto has no balancer in front$/],
  ["--story rolling", /^--story rolling: mosquitto has one node: that is the story restart$/],
  ["--speed 3", /^Unknown option '--speed'$/],
];

for (const [words, says] of WRONG)
  test(`fleet: ${words}: refused with a sentence`, () => {
    assert.throws(
      () => fleetOptions(words.split(" ")),
      (error: Error) => error instanceof UsageError && says.test(error.message),
    );
  });

test("fleet: all stories: those that a broker cannot tell are left out", () => {
  const told = (broker: string) => fleetOptions(["--broker", broker]).stories;
  assert.deepEqual(told("rabbitmq"), Object.keys(STORIES));
  assert.deepEqual(
    told("mosquitto"),
    Object.keys(STORIES).filter((name) => !["rolling", "balancer"].includes(name)),
  );
});
