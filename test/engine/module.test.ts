// The module on a real engine, where strings are bytes and JSON has no UTF-8: messages of all types arrive unchanged.
// Its tests with a broker are in test/module/same-program.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import mqtt from "mqtt";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { real } from "../module/places.ts";
import { until } from "../support/until.ts";
import { noEngine } from "./engine.ts";

const skip = noEngine || missing("mosquitto");

test("module: text, bytes, arrays and objects from a real engine, and JSON back", { skip }, async (t) => {
  const [word, key] = ["caf\u00e9", "gr\u00fc\u00dfe"];
  const ports = await mosquittoPorts(t);
  const other = mqtt.connect(`mqtt://127.0.0.1:${ports.tcp}`);
  t.after(() => other.end(true));
  const heard: Buffer[] = [];
  other.on("message", (_topic, payload) => heard.push(payload));
  await new Promise<void>((done) => other.once("connect", () => done()));
  await other.subscribeAsync("out");
  const engine = real(
    t,
    Buffer.from(`
var mqtt = require("mqtt-ws"), c = mqtt.connect("ws://127.0.0.1:${ports.ws}/mqtt");
var words = new Uint16Array([0x3030, 0x4241, 0x4443, 0x3030]);
c.publish("out", "${word}");
c.publish("out", { "${key}": "\u20ac", quoted: "\\\\u20ac\\n", at: [1, true, null, 0.5] });
c.publish("out", new Uint16Array(words.buffer, 2, 2));
c.publish("out", words.buffer);
words[0] = 0;
c.publish("out", new Uint8Array([0, 128, 255]));
c.publish("out", 21.5);
c.on("in", function (topic, payload) {
  var value = mqtt.fromJson(payload);
  print("value " + value.a + " " + value.a.length + " " + value.b + " " + (mqtt.fromJson("{") === undefined));
  c.end();
});
c.on("end", function () { print("over"); });
c.subscribe("in", function () { print("ready"); });`).toString("latin1"),
  ).boot();
  await engine.line(/^ready$/);
  await other.publishAsync("in", '{"a":"\\u20ac\\ud83d\\ude00\u00e9","b":"\\\\u20ac"}');
  await engine.line(/^over$/);
  await until(
    () => heard.length === 6,
    "six messages",
    () => engine.lines.join("\n"),
  );
  assert.deepEqual(
    heard.slice(0, 4).map((payload) => payload.toString()),
    [word, `{"${key}":"\u20ac","quoted":"\\\\u20ac\\n","at":[1,true,null,0.5]}`, "ABCD", "00ABCD00"],
  );
  assert.deepEqual([...heard[4]!], [0, 128, 255]);
  assert.equal(heard[5]!.toString(), "21.5");
  const said = engine.lines.find((line) => line.startsWith("value"));
  assert.equal(Buffer.from(said!, "latin1").toString(), "value \u20ac\u{1f600}\u00e9 9 \\u20ac true");
});
