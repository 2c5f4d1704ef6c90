// A server that closes unless each WebSocket message has whole Control Packets: there are such servers, although the standard
// lets packets and frames be cut apart [MQTT-6.0.0-2].
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import mqttPacket from "mqtt-packet";
import WebSocket, { WebSocketServer } from "ws";
import { programOf } from "../../board/virtual/program.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { ejabberd, noEjabberd } from "../brokers/ejabberd.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { boardOf } from "./boards.ts";

/** The lengths of the messages that a client sends, one list for each connection. */
async function strict(t: TestContext): Promise<{ url: string; lengths: number[][] }> {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "mqtt" });
  t.after(() => server.close());
  await new Promise((done) => server.once("listening", done));
  const lengths: number[][] = [];
  server.on("connection", (from) => {
    const seen: number[] = [];
    lengths.push(seen);
    const to = new WebSocket(broker.url, "mqtt");
    const waiting: Buffer[] = [];
    to.on("open", () => {
      for (const data of waiting.splice(0)) to.send(data);
    });
    from.on("message", (data: Buffer) => {
      seen.push(data.length);
      const parser = mqttPacket.parser();
      if (parser.parse(data)) return from.close(1003, "not a whole packet");
      if (to.readyState === to.OPEN) to.send(data);
      else waiting.push(data);
    });
    to.on("message", (data: Buffer) => from.send(data));
    to.on("close", () => from.close(1000));
    from.on("close", () => to.close());
    t.after(() => to.terminate());
    t.after(() => from.terminate());
  });
  const address = server.address() as { port: number };
  return { url: `ws://127.0.0.1:${address.port}/mqtt`, lengths };
}

for (const bundle of ["hello", "hello-lean"])
  for (const length of [1000, 1015, 3900])
    for (const qos of [0, 1, 2])
      test(`${bundle}: a message of ${length} bytes at QoS ${qos} comes back from a server that wants whole packets`, async (t) => {
        const { url, lengths } = await strict(t);
        const app = { message: "x".repeat(length), qos };
        const config = JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url }, app, log: 2 });
        const board = boardOf(t, programOf(`dist/${bundle}.js`), { files: { "config.json": config } });
        board.boot();
        await board.untilLine(/link DONE/);
        assert.ok(board.lines.some((line) => /RECEIVED x+/.test(line)));
        assert.equal(lengths.length, 1, "one connection");
        assert.ok(lengths[0]!.some((each) => each > length));
      });

for (const [name, skip, start] of [
  ["mosquitto", missing("mosquitto"), mosquitto],
  ["ejabberd", noEjabberd(), ejabberd],
] as const)
  test(`${name} takes a large message in frames: it comes back whole`, { skip }, async (t) => {
    const app = { message: "0123456789".repeat(390), qos: 2 };
    const mqtt = { url: await start(t), clientId: "large" };
    const config = JSON.stringify({ wifi: { ssid: "net" }, mqtt, app, log: 2 });
    const board = boardOf(t, programOf("dist/hello-lean.js"), { files: { "config.json": config } });
    board.boot();
    await board.untilLine(/link DONE/);
    assert.ok(board.lines.some((line) => /RECEIVED 0123456789/.test(line)));
    assert.ok(!board.lines.some((line) => / DOWN: /.test(line)));
  });
