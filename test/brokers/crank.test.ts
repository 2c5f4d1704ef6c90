// The tests' own clock: a broker that stops answering ends a test with a sentence, and never hangs it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import mqtt, { type MqttClient } from "mqtt";
import { roundTrip } from "../../testing/crank.ts";

/** CONNACK without a session, and PINGRESP: MQTT 3.1.1 3.2 and 3.13. */
const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const PINGRESP = Buffer.from([0xd0, 0]);

/** A client at a broker that answers PINGREQs from the given number on. */
async function clientAt(t: TestContext, answersFrom: number): Promise<MqttClient> {
  let pings = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      if (bytes[0] === 0x10) socket.write(CONNACK);
      else if (bytes[0] === 0xc0 && ++pings >= answersFrom) socket.write(PINGRESP);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { keepalive: 0, clientId: "test" });
  t.after(() => client.end(true));
  return client;
}

test("a broker that answers no PINGREQ: the round trip fails with a sentence", async (t) => {
  const client = await clientAt(t, Number.POSITIVE_INFINITY);
  await assert.rejects(roundTrip(client, 5), /no PINGRESP in 5 turns of the event loop/);
});

test("a PINGRESP that does not come: the round trip asks again", async (t) => {
  await roundTrip(await clientAt(t, 2));
});
