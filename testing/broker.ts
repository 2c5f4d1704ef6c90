// testBroker: a broker for tests, embedded in this process or a mosquitto.
import { EmbeddedTestBroker } from "./broker-embedded.ts";
import { MosquittoTestBroker } from "./broker-mosquitto.ts";
import type { Broker, BrokerOptions } from "./kit.ts";
import { running } from "./test-broker.ts";

/**
 * Starts a broker on free ports of 127.0.0.1. It ends with the process, or by `stop`.
 * @throws ImpossibleHere where mosquitto is asked for and not installed
 */
export async function testBroker(options: BrokerOptions = {}): Promise<Broker> {
  const broker = options.mosquitto
    ? await MosquittoTestBroker.start(options)
    : await EmbeddedTestBroker.start(options);
  running.push(broker);
  return broker;
}
