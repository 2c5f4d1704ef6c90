// A second client at a broker that is not the demo's own: it shows what the board publishes, and sends to it.
import { connect, type MqttClient } from "mqtt";

export class OtherClient {
  /** What it could not do is said once. */
  private said = "";

  private constructor(
    private readonly client: MqttClient,
    private readonly print: (line: string) => void,
  ) {
    client.on("error", ({ message, ...error }) =>
      this.say(message || String((error as { code?: string }).code)),
    );
    client.on("connect", () => {
      this.said = "";
    });
  }

  /** Connects as the board does, with its credentials; undefined if the URL is none. */
  static connect(url: unknown, print: (line: string) => void): OtherClient | undefined {
    if (typeof url !== "string" || !/^wss?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
    // The board checks no certificate either.
    return new OtherClient(connect(url, { rejectUnauthorized: false }), print);
  }

  watch(filter: string, take: (topic: string, payload: Buffer) => void): void {
    this.client.on("message", take);
    this.client.subscribe(filter, { qos: 1 }, (error, granted) => {
      if (error || granted?.some(({ qos }) => qos > 2))
        this.say(`the broker refused the subscription to ${filter}`);
    });
  }

  async publish(topic: string, payload: string, qos: 0 | 1 | 2): Promise<void> {
    if (!this.client.connected) this.say(`not connected: ${topic} is sent later`);
    await this.client.publishAsync(topic, payload, { qos }).catch(({ message }) => this.say(message));
  }

  end(): void {
    this.client.end(true);
  }

  private say(why: string): void {
    if (why !== this.said) this.print(`-- the demo's own client at this broker: ${why}`);
    this.said = why;
  }
}
