// Wrong answers on purpose: stands between a client's stream of packets and the broker, and answers in the broker's place
// where a test says so.
import { Duplex } from "node:stream";
import mqttPacket, { type Packet } from "mqtt-packet";

/** Packets of a client that can get a wrong answer. */
export type Answered =
  | "connect"
  | "publish"
  | "pubrel"
  | "subscribe"
  | "unsubscribe"
  | "pingreq"
  | "disconnect";

/** Fields of the packet in place of the right answer, bytes, nothing at all, or the end of the connection. */
export type Answer = "nothing" | "close" | Uint8Array | { cmd?: string; [field: string]: unknown };

/** The right answer by the packet that it answers; PUBLISH at QoS 2 gets PUBREC. */
const RIGHT: Record<Answered, string> = {
  connect: "connack",
  publish: "puback",
  pubrel: "pubcomp",
  subscribe: "suback",
  unsubscribe: "unsuback",
  pingreq: "pingresp",
  disconnect: "disconnect",
};

/** Answers that are still to be given. */
export class Answers {
  private rules: { to: Answered; answer: Answer; times: number }[] = [];

  add(to: Answered, answer: Answer, times = 1): void {
    if (!Object.hasOwn(RIGHT, to))
      throw new TypeError(`broker.answer: expected one of ${Object.keys(RIGHT).join(", ")}, got ${to}`);
    this.rules.push({ to, answer, times });
  }

  /** The answer to this packet, used up by the call; undefined: the broker's own. */
  take(packet: Packet): Answer | undefined {
    const rule = this.rules.find(({ to, times }) => to === packet.cmd && times > 0);
    if (rule) rule.times--;
    return rule?.answer;
  }
}

type Done = (error?: Error | null) => void;

/** Passes packets both ways. Calls `onPacket` with each of the client's, and gives the answers that are ordered. */
export class Between extends Duplex {
  private readonly parser = mqttPacket.parser();
  private version = 4;
  private broken = false;

  constructor(
    /** The stream of the client. Not named `client`: the broker keeps its own there. */
    private readonly stream: Duplex,
    private readonly answers: Answers,
    /** Called with each packet of the client, which it may change. */
    private readonly onPacket: (packet: Packet) => void,
  ) {
    super();
    this.on("error", () => {});
    this.parser.on("packet", (packet) => this.judge(packet));
    // Bytes that are no MQTT go on as they are: the broker deals with them.
    this.parser.on("error", () => {
      this.broken = true;
    });
    stream.on("data", (bytes: Buffer) => {
      if (!this.broken) this.parser.parse(bytes);
      if (this.broken) this.push(bytes);
    });
    stream.on("end", () => this.push(null));
    stream.on("error", () => {});
    stream.on("close", () => this.destroy());
  }

  /** Sends bytes to the client. */
  say(bytes: Uint8Array): void {
    if (this.stream.writable) this.stream.write(Buffer.from(bytes));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.stream.writable) this.stream.write(bytes, (error) => done(error));
    else done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "binary", done);
  }

  override _final(done: Done): void {
    this.stream.end();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.stream.destroy();
    done(error);
  }

  private judge(packet: Packet): void {
    if (packet.cmd === "connect") this.version = packet.protocolVersion ?? 4;
    this.onPacket(packet);
    const answer = this.answers.take(packet);
    if (answer === undefined) this.push(mqttPacket.generate(packet, { protocolVersion: this.version }));
    else if (answer === "close") this.destroy();
    else if (answer instanceof Uint8Array) this.say(answer);
    else if (answer !== "nothing") this.say(this.packetOf(packet, answer));
  }

  private packetOf(packet: Packet, fields: object): Buffer {
    const right = packet.cmd === "publish" && packet.qos === 2 ? "pubrec" : RIGHT[packet.cmd as Answered];
    const whole = { cmd: right, messageId: packet.messageId, ...DEFAULTS[right], ...fields };
    return mqttPacket.generate(whole as Packet, { protocolVersion: this.version });
  }
}

/** Fields that an answer needs in any case. */
const DEFAULTS: Record<string, object> = {
  connack: { returnCode: 0, reasonCode: 0, sessionPresent: false },
  suback: { granted: [0] },
  unsuback: { granted: [] },
};
