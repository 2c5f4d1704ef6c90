// The names of properties in config.json: each stands for a property that its packet may have, with the range of its type,
// and a board that boots reads the table of properties only for those that it sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { properties, spec } from "#subject";
import { type Rule, type Schema, TOPIC } from "../../src/config/check";
import { rules5 } from "../../src/config/keys5";
import { namesOf } from "../../src/mqtt/v5/names";
import { allowed, ruleOf, WILL } from "../../src/mqtt/v5/properties";
import { RESPONSE_TOPIC } from "../../src/mqtt/v5/spec";
import { v5 } from "../../src/profile/v5";
import { booted, climb, noting, packets, WS } from "../support/climb.ts";

const mqtt: Schema & { will: Schema } = { will: {} };
rules5(mqtt);

for (const [where, packet, rules] of [
  ["mqtt.properties", spec.CONNECT, mqtt.properties as Schema],
  ["mqtt.will.properties", WILL, mqtt.will.properties as Schema],
] as const) {
  test(`names: ${where} has the properties of its packet, with the ranges of their types`, () => {
    const names = namesOf(packet);
    assert.deepEqual(Object.keys(rules).sort(), ["?", ...Object.keys(names)].sort());
    for (const [name, id] of Object.entries(names)) {
      assert.ok(allowed(id, packet), name);
      const [kind, , most] = rules[name] as Rule;
      const type = ruleOf(id).charAt(0);
      const largest = { 1: 1, 2: 65535, 4: 4294967295 }[type];
      if (largest === undefined) assert.equal(most, 65535, name);
      else assert.ok(most <= largest && (type === "2" || most === largest), name);
      if (id === RESPONSE_TOPIC) assert.equal(kind, TOPIC);
    }
  });
}

test("names: a board with MQTT 5 boots and sends CONNECT, it has read the table of properties a few times", (t) => {
  const { split } = String.prototype;
  let reads = 0;
  const counting = function (this: string, separator: string) {
    if (this.includes(" 38:p0123456789abef ")) reads++;
    return Reflect.apply(split, this, [separator]);
  };
  t.mock.method(String.prototype, "split", counting as typeof split);
  properties.ruleOf(38);
  assert.equal(reads, 1, "a read is seen");
  const { board } = booted(noting([]), { mqtt: { properties: { sessionExpiry: 60 } } }, v5);
  assert.equal(reads, 1, "none to judge the configuration");
  climb(board, WS);
  assert.equal(packets(board).length, 1);
  assert.ok(reads <= 8, `${reads}`);
});
