// Signed messages on a real engine: its own SHA-256 against the reference for Node, both ways, through a broker; over a
// restart; and what an envelope costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import mqtt from "mqtt";
import { programOf } from "../../board/virtual/program.ts";
import { Signer } from "../../docs/signing.mjs";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { until } from "../support/until.ts";
import { Engine, noEngine } from "./engine.ts";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString("base64");

test("commands from Node and answers to it, over a restart of the board", { skip: noEngine }, async (t) => {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: broker.url },
    app: { topic: "lab", qos: 1 },
    sign: { key: KEY, id: "esp" },
    log: 4,
  };
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    ...programOf("dist/signed.js"),
  });
  t.after(() => engine.off());
  const node = new Signer(KEY, "node");
  const answers: string[] = [];
  const client = await mqtt.connectAsync(broker.url);
  t.after(() => client.endAsync(true));
  await client.subscribeAsync("lab/answer");
  client.on("message", (topic, envelope) => {
    const { payload, sender, why } = node.open(topic, envelope);
    answers.push(`${sender}: ${payload} ${why ?? ""}`);
  });
  const answered = (count: number) =>
    until(
      () => answers.length >= count,
      `answer ${count}`,
      () => engine.lines.join("\n"),
    );
  const command = (payload: string | Buffer) => client.publishAsync("lab/command", payload, { qos: 1 });

  engine.boot();
  await answered(1);
  await command("open the door");
  await engine.line(/1 sign dropped, not signed: lab\/command/);
  const old = node.seal("lab/command", "light on");
  await command(old);
  await answered(2);
  await command(old);
  await engine.line(/1 sign dropped, old message of node: lab\/command/);
  const long = "x".repeat(1500);
  await command(node.seal("lab/command", long));
  await answered(3);
  await engine.restart();
  await answered(4);
  const from = engine.lines.length;
  await command(old);
  await command(node.seal("lab/command", "light off"));
  await answered(5);
  assert.deepEqual(answers, [
    "esp: hello ",
    "esp: light on ",
    `esp: ${long} `,
    "esp: hello ",
    "esp: light off ",
  ]);
  assert.ok(engine.lines.slice(from).some((line) => /dropped, old message of node/.test(line)));
  const log = engine.lines.join("\n");
  assert.doesNotMatch(log, /Uncaught|MEMORY/);
  assert.ok(!log.includes(KEY.slice(0, 8)));
  assert.ok(!log.includes("00 01 02 03 04"));
});
