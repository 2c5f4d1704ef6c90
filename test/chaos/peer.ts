// The other side: a client of other authors, connected to the broker over plain TCP. It publishes numbered messages
// to the board and counts the messages from the board.
import mqtt, { type MqttClient } from "mqtt";
import { roundTrip } from "../../testing/crank.ts";
import { until } from "../support/until.ts";
import { payloadOf } from "./payload.ts";
import { Tally } from "./tally.ts";

const RECONNECT_MS = 20;
/** Time between two beats, in ms of the PC. */
const BEAT_MS = 1;
/** Beats without a connection after which the next one waits for the connection. */
const MOST_MISSED = 200;
const QOS = [1, 2] as const;

export interface PeerOptions {
  /** Port of the broker. */
  port: number;
  topic: string;
  /** Messages at each QoS. */
  messages: number;
  /** Whether message number `n` may be published now. */
  may(qos: 1 | 2, n: number): boolean;
}

export class Peer {
  /** What came from the board, by QoS. */
  readonly got = { 1: new Tally(), 2: new Tally() };
  /** Messages whose text has changed. */
  readonly bad: string[] = [];
  private ended = false;
  private missed = 0;

  private constructor(
    private readonly options: PeerOptions,
    private readonly client: MqttClient,
  ) {
    client.on("message", (topic, payload) => {
      const text = payload.toString();
      const n = Number.parseInt(text, 10);
      if (text !== payloadOf(n)) this.bad.push(`${topic} ${text}`);
      this.got[topic.endsWith("1") ? 1 : 2].add(n);
    });
    // The broker restarts; the client comes back by itself.
    client.on("error", () => {});
  }

  /** Connects and subscribes. */
  static async start(options: PeerOptions): Promise<Peer> {
    const client = mqtt.connect({
      host: "127.0.0.1",
      port: options.port,
      clientId: "peer",
      clean: false,
      reconnectPeriod: RECONNECT_MS,
    });
    const peer = new Peer(options, client);
    await peer.subscribe();
    return peer;
  }

  /** Subscribes; waits for the connection. */
  async subscribe(): Promise<void> {
    for (const qos of QOS) await this.client.subscribeAsync(`${this.options.topic}/up/${qos}`, { qos });
  }

  /** Begins to publish. */
  begin(): void {
    for (const qos of QOS) void this.publish(qos);
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.client.endAsync(true);
  }

  /**
   * The pace of the board's clock: a round trip to the broker. It also wakes mosquitto, which checks its WebSockets
   * only every 100 ms otherwise. While the broker restarts, some of the board's time passes, but not without end.
   */
  async beat(): Promise<void> {
    await pause();
    const { client } = this;
    if (client.connected) {
      this.missed = 0;
      await roundTrip(client);
    } else if (++this.missed > MOST_MISSED) await until(() => client.connected, "the broker to be back");
  }

  /** One message after the other, so that their order is known. */
  private async publish(qos: 1 | 2): Promise<void> {
    for (let n = 0; n < this.options.messages && !this.ended; ) {
      if (!this.options.may(qos, n)) await pause();
      else await this.client.publishAsync(`${this.options.topic}/down/${qos}`, payloadOf(n++), { qos });
    }
  }
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, BEAT_MS));
}
