// A test's own client of MQTT.js at a broker.
import type { TestContext } from "node:test";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";

/** Connects to this TCP port; the connection ends with the test. */
export async function clientOf(
  t: TestContext,
  port: number,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options);
  // The broker ends before it, and may reset the connection: without a listener that would fail the next test.
  client.on("error", () => {});
  t.after(() => client.endAsync(true));
  return client;
}
