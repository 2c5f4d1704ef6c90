// A server on the fake board that answers every packet correctly, except where a test says otherwise. It outlives connections.
import mqttPacket, { type Packet, type Parser } from "mqtt-packet";
import { reply, serverFrame } from "../ws/server.ts";
import type { FakeBoard } from "./fake-board.ts";

/** In place of an answer: the server closes the connection. */
export const CLOSE = "close";

/** The bytes of the answer to a packet, "" for none, or CLOSE; undefined for the correct answer. Connections count from 1. */
export type Answer = (packet: Packet, connection: number) => string | undefined;

export class ScriptedServer {
  /** Connections so far, and every packet that came on them. */
  connections = 0;
  packets: Packet[] = [];
  private parser: Parser = mqttPacket.parser();
  private over = true;
  /** What has to be done without time: the Wi-Fi joins, a connection opens. */
  private next: (() => void)[] = [];

  /** @param version protocol level of the connections, 4 or 5 */
  constructor(
    private readonly board: FakeBoard,
    private readonly answer: Answer,
    private readonly version: 4 | 5 = 4,
  ) {
    board.onJoin = (radio) => this.next.push(() => radio.joined(""));
    board.onOpen = (line) => {
      this.over = false;
      this.connections++;
      this.parser = mqttPacket.parser({ protocolVersion: version });
      this.parser.on("packet", (packet) => this.take(packet));
      this.next.push(() => {
        line.data("");
        line.data(reply());
      });
    };
    board.radio.joined("");
    this.turn();
  }

  /** Lets seconds pass. */
  run(seconds: number): void {
    for (let n = 0; n < seconds; n++) {
      this.board.seconds(1);
      this.turn();
    }
  }

  /** Seconds until `done`, at most `most`. */
  until(done: () => boolean, most = 3600): number {
    for (let n = 0; n <= most; n++) {
      if (done()) return n;
      this.run(1);
    }
    throw new Error(`not after ${most} s:\n${this.board.text}`);
  }

  /** The server closes the connection. */
  close(): void {
    this.over = true;
    this.board.line.closed("");
  }

  /** Sends packets. */
  send(bytes: string): void {
    this.board.line.data(serverFrame(0x82, bytes));
  }

  /** Everything that can happen without time. */
  private turn(): void {
    while (this.next.length || this.board.writes.length) {
      this.next.shift()?.();
      for (const { first, payload } of this.board.sent())
        if ((first & 15) < 3 && !this.over) this.parser.parse(Buffer.from(payload, "latin1"));
    }
  }

  private take(packet: Packet): void {
    if (this.over) return;
    this.packets.push(packet);
    const bytes = this.answer(packet, this.connections) ?? correctAnswer(packet, this.version);
    if (bytes === CLOSE) this.close();
    else if (bytes) this.send(bytes);
  }
}

/** The bytes of the correct answer to a packet, "" where it gets none. */
export function correctAnswer(packet: Packet, version: 4 | 5): string {
  const answer = answerTo(packet, version);
  return answer ? mqttPacket.generate(answer, { protocolVersion: version }).toString("latin1") : "";
}

function answerTo(packet: Packet, version: 4 | 5): Packet | undefined {
  const { messageId } = packet as { messageId?: number };
  if (packet.cmd === "connect")
    return { cmd: "connack", sessionPresent: false, returnCode: 0, reasonCode: 0 };
  if (packet.cmd === "publish" && packet.qos)
    return { cmd: packet.qos === 1 ? "puback" : "pubrec", messageId, reasonCode: 0 };
  if (packet.cmd === "pubrel") return { cmd: "pubcomp", messageId, reasonCode: 0 };
  if (packet.cmd === "subscribe")
    return { cmd: "suback", messageId, granted: packet.subscriptions.map(({ qos }) => qos) };
  if (packet.cmd === "unsubscribe")
    return { cmd: "unsuback", messageId, granted: version === 5 ? packet.unsubscriptions.map(() => 0) : [] };
  return packet.cmd === "pingreq" ? { cmd: "pingresp" } : undefined;
}

/** The Packet Identifier of a packet, as two bytes. */
export function idOf(packet: Packet): string {
  const { messageId = 0 } = packet as { messageId?: number };
  return String.fromCharCode(messageId >> 8, messageId & 255);
}
