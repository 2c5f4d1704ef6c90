// A mosquitto as a broker for tests: real TCP, MQTT 3.1.1 and 5. A client of the kit's own hears everything.
import mqtt, { type MqttClient } from "mqtt";
import { connect, type Destination, type Failure, type Link } from "../board/virtual/tcp.ts";
import { roundTrip } from "./crank.ts";
import { ImpossibleHere } from "./impossible.ts";
import type { BrokerOptions } from "./kit.ts";
import { installed, Mosquitto } from "./mosquitto.ts";
import { type Caller, REFUSED, TestBroker } from "./test-broker.ts";

/** Most ms of a board between two round trips. */
const STEP_MS = 50;
/** The kit's own client. */
const OWN = "test-kit";
/** Where mosquitto says who comes and goes. */
const LOG = "$SYS/broker/log/N";

export class MosquittoTestBroker extends TestBroker {
  override readonly kind = "mosquitto";
  override readonly stepMs = STEP_MS;
  private client: MqttClient | undefined;

  private constructor(private readonly broker: Mosquitto) {
    super();
  }

  static async start({ lines = [] }: BrokerOptions): Promise<MosquittoTestBroker> {
    if (!installed("mosquitto"))
      throw new ImpossibleHere("testBroker({ mosquitto: true })", "mosquitto is not installed");
    const own = ["log_dest topic", "log_type notice"];
    const it = new MosquittoTestBroker(
      await Mosquitto.start({ persistence: true, lines: [...own, ...lines] }),
    );
    await it.listen();
    return it;
  }

  override get url(): string {
    return `ws://127.0.0.1:${this.broker.ports.ws}/mqtt`;
  }

  override get tcpPort(): number {
    return this.broker.ports.tcp;
  }

  override take(to: Destination, { onActivity }: Caller): Link | Failure {
    if (!this.broker.on) return REFUSED;
    return connect({ ...to, host: "127.0.0.1", port: this.broker.ports.ws }, onActivity, false);
  }

  override async pace(): Promise<void> {
    // The sockets do not keep the process from ending; this wait does.
    const hold = setInterval(() => {}, 1000);
    try {
      if (this.client?.connected) await roundTrip(this.client);
      else await new Promise((done) => setImmediate(done));
    } finally {
      clearInterval(hold);
    }
  }

  override tick(): void {}

  override async publish(
    topic: string,
    payload: string | Uint8Array,
    options: { qos?: 0 | 1 | 2; retain?: boolean } = {},
  ): Promise<void> {
    if (!this.client) throw new Error("broker.publish: the broker is away");
    const bytes = typeof payload === "string" ? payload : Buffer.from(payload);
    const hold = setInterval(() => {}, 1000);
    await this.client.publishAsync(topic, bytes, { qos: 1, ...options }).finally(() => clearInterval(hold));
  }

  override async goAway(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.endAsync(true);
    await this.broker.end();
  }

  override async comeBack(): Promise<void> {
    await this.broker.launch();
    await this.listen();
  }

  override cut(): never {
    throw this.cannot("cut", "mosquitto ends no connection on demand; use goAway and comeBack");
  }

  override answer(): never {
    throw this.cannot("answer", "mosquitto gives its own answers");
  }

  override refuse(): never {
    throw this.cannot("refuse", "mosquitto answers upgrade requests itself");
  }

  override say(): never {
    throw this.cannot("say", "mosquitto sends no bytes of a test");
  }

  protected override async end(): Promise<void> {
    await this.client?.endAsync(true);
    await this.broker.stop();
  }

  private cannot(call: string, why: string): ImpossibleHere {
    return new ImpossibleHere(`broker.${call}`, why);
  }

  private async listen(): Promise<void> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${this.tcpPort}`, {
      clientId: OWN,
      protocolVersion: 5,
      keepalive: 0,
      reconnectPeriod: 0,
    });
    client.on("message", (topic, bytes, { qos, retain }) => {
      if (topic === LOG) this.noteLog(bytes.toString());
      else this.messages.push({ topic, payload: bytes.toString(), bytes, qos, retain });
    });
    client.on("error", () => {});
    // Retained messages are heard when they are published (3.8.3.1).
    await client.subscribeAsync({ "#": { qos: 2, rap: true, rh: 2 }, [LOG]: { qos: 0 } });
    (client.stream as { unref?(): void }).unref?.();
    this.client = client;
  }

  private noteLog(line: string): void {
    const joined = /New client connected from .* as (\S+) \(/.exec(line)?.[1];
    const left = /Client (\S+) (?:closed|disconnected|has exceeded|already)/.exec(line)?.[1];
    if (joined && joined !== OWN) this.logins.push({ event: "connected" });
    if (left && left !== OWN) this.logins.push({ event: "disconnected" });
  }
}
