// What the commands ask of a broker: keep a message, tell what is kept, tell what comes. Every answer has a deadline.

import { Failure } from "../failures.ts";
import { Collection } from "./collection.ts";
import { type Connection, connectTo } from "./connect.ts";
import { ANSWER_MS, IN_FLIGHT, READ_MS } from "./limits.ts";

/** Topic and payload. An empty payload takes a kept message away (MQTT 3.1.1, 3.3.1.3). */
export type Message = [topic: string, payload: Buffer];

/** Bytes of a PUBLISH beside topic and payload, at most: head, length of the topic, id, properties. */
const HEAD_BYTES = 10;
/** Reason Codes of MQTT 5 that are about the message: too large, over a quota, retain not supported (3.4.2.1). */
const NOT_KEPT = [0x95, 0x97, 0x9a];

export class Broker {
  private fail: (failure: Failure) => void = () => {};
  /** Rejects when the connection is over. */
  private readonly over: Promise<never>;
  /** Bytes of the largest message that is being sent; 0 if none is. */
  private sending = 0;
  private readonly interrupt = () =>
    this.fail(new Failure("interrupted", "stopped with Ctrl-C before it was done"));

  private constructor(private readonly connection: Connection) {
    const { client } = connection;
    this.over = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    this.over.catch(() => {});
    let reason = "";
    client.on("disconnect", ({ reasonCode = 0 }) => {
      reason = `, reason 0x${reasonCode.toString(16)}`;
    });
    client.on("close", () => this.fail(this.ended(reason)));
    process.on("SIGINT", this.interrupt);
    process.on("SIGTERM", this.interrupt);
  }

  /** Does some work with a broker, and leaves it. */
  static async with<T>(url: string, work: (broker: Broker) => Promise<T>): Promise<T> {
    const broker = new Broker(await connectTo(url));
    try {
      const result = await work(broker);
      await broker.disconnect();
      return result;
    } finally {
      broker.leave();
    }
  }

  /**
   * Has the broker keep messages, or take them away, some at a time, in this order.
   * @param done is called with the number of those that it has acknowledged
   */
  async keep(messages: Message[], done: (count: number) => void = () => {}): Promise<void> {
    this.refuseInVain(messages);
    for (let at = 0; at < messages.length; at += IN_FLIGHT) {
      const group = messages.slice(at, at + IN_FLIGHT);
      this.sending = Math.max(...group.map(([, payload]) => payload.length));
      const all = Promise.all(group.map((message) => this.publish(message)));
      await this.inTime(all, `acknowledge ${group[0]![0]}`);
      this.sending = 0;
      done(at + group.length);
    }
  }

  /** The messages that the broker keeps under these filters, by topic; as soon as there are `enough`. */
  async kept(
    filters: string[],
    enough: (found: Map<string, Buffer>) => boolean = () => false,
  ): Promise<Map<string, Buffer>> {
    const collection = new Collection(enough);
    const { client } = this.connection;
    client.on("message", collection.take);
    try {
      await this.subscribe(filters);
      collection.wait();
      await this.inTime(collection.complete, "send all that it keeps", READ_MS);
      await this.inTime(client.unsubscribeAsync(filters), "end a subscription");
    } finally {
      client.off("message", collection.take);
      collection.end();
    }
    if (!collection.isFull) return collection.found;
    throw new Failure(
      "published",
      `the broker keeps more under ${filters.join(", ")} than this tool reads`,
      "clear what is old with a tool of the broker",
    );
  }

  /** Calls back with what is kept and with what comes, until Ctrl-C. Rejects when the connection is lost. */
  async watch(filters: string[], take: (topic: string, payload: Buffer) => void): Promise<void> {
    this.connection.client.on("message", take);
    await this.subscribe(filters);
    await this.over.catch((error) => {
      if (error.kind !== "interrupted") throw error;
    });
  }

  /** A broker may close the connection because a message is too large for it, and say nothing. */
  private ended(reason: string): Failure {
    const { name } = this.connection;
    if (!this.sending) return new Failure("broker", `${name} ended the connection${reason}`);
    return new Failure(
      "broker",
      `${name} ended the connection${reason} while messages of up to ${this.sending} bytes were sent`,
      "check that it allows this size, and that it runs; then run again",
    );
  }

  private async disconnect(): Promise<void> {
    await this.inTime(this.connection.client.endAsync(), "close the connection").catch(() => {});
  }

  /** Lets go of everything, whatever still waits. */
  private leave(): void {
    process.off("SIGINT", this.interrupt);
    process.off("SIGTERM", this.interrupt);
    this.connection.client.end(true);
    this.connection.client.stream.destroy();
  }

  private async publish([topic, payload]: Message): Promise<void> {
    try {
      await this.connection.client.publishAsync(topic, payload, { qos: 1, retain: true });
    } catch (error) {
      throw this.refused(`the message to ${topic}`, error as Error);
    }
  }

  private async subscribe(filters: string[]): Promise<void> {
    const { client } = this.connection;
    const refused = (error: Error) => {
      throw this.refused(`the subscription to ${filters.join(", ")}`, error);
    };
    await this.inTime(client.subscribeAsync(filters, { qos: 1 }).catch(refused), "take a subscription");
  }

  private refused(what: string, { code, message }: Error & { code?: number }): Failure {
    const { name } = this.connection;
    if (typeof code !== "number") return new Failure("broker", `${name} did not take ${what} (${message})`);
    const kind = NOT_KEPT.includes(code) ? "kept" : "denied";
    return new Failure(kind, `${name} refused ${what}, reason 0x${code.toString(16)}`);
  }

  /** What the broker has said that it does not do (MQTT 5, 3.2.2.3.5, 3.2.2.3.6). */
  private refuseInVain(messages: Message[]): void {
    const { name, properties } = this.connection;
    const { maximumPacketSize: most = Number.POSITIVE_INFINITY, retainAvailable } = properties;
    if (retainAvailable === false) throw new Failure("kept", `${name} keeps no messages`);
    for (const [topic, payload] of messages) {
      const bytes = Buffer.byteLength(topic) + payload.length + HEAD_BYTES;
      if (bytes > most)
        throw new Failure("kept", `${name} takes packets of ${most} bytes, ${topic} needs ${bytes}`);
    }
  }

  /** Waits for an answer of the broker. */
  private async inTime<T>(answer: Promise<T>, what: string, ms = ANSWER_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const failure = new Failure("broker", `${this.connection.name} did not ${what} in ${ms / 1000} s`);
      timer = setTimeout(() => reject(failure), ms);
    });
    try {
      return await Promise.race([answer, this.over, late]);
    } finally {
      answer.catch(() => {});
      clearTimeout(timer);
    }
  }
}
