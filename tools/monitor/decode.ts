// The hexdump lines of a log turned into WebSocket frames and MQTT packets in words, by the firmware's own frame
// reader and packet reader. Lines come as `> 82 0a ...` (sent) and `< ...` (received), 16 bytes each.

import type { Bytes } from "../../src/board.ts";
import { readVarint, varintSize } from "../../src/mqtt/bytes.ts";
import { newClient } from "../../src/mqtt/client.ts";
import { deliver } from "../../src/mqtt/delivery.ts";
import { receive } from "../../src/mqtt/receive.ts";
import { CONNACK, CONNECT, MAX_REMAINING_LENGTH } from "../../src/mqtt/spec.ts";
import { type Client, CONNECTING } from "../../src/mqtt/state.ts";
import { CLOSE, type FrameReader, PING, readFrames } from "../../src/ws/frame.ts";
import { packetInWords } from "./packet-words.ts";
import { packet5InWords } from "./packet-words5.ts";

const DUMP = /^([<>]) ((?:[0-9a-f]{2} ?)+)$/;

/** A state that no client has: every packet may come, and each one goes to its handler, where its words are made. */
const WATCHING = 3;

export class Decoder {
  private version: Version = { level: 0 };
  private sent = new Direction(">", this.version);
  private received = new Direction("<", this.version);

  /** A new connection: nothing of the old one counts. */
  restart(): void {
    this.version = { level: 0 };
    this.sent = new Direction(">", this.version);
    this.received = new Direction("<", this.version);
  }

  /** What a hexdump line completes, in words; undefined if it is no such line. */
  take(text: string): string[] | undefined {
    const found = DUMP.exec(text);
    if (!found) return undefined;
    const bytes = Buffer.from(found[2]!.replaceAll(" ", ""), "hex").toString("latin1");
    return (found[1] === ">" ? this.sent : this.received).take(bytes);
  }
}

/** What a connection speaks, 5 or else 3.1.1, as its CONNECT says; both directions of it know. */
interface Version {
  level: number;
}

/** Where CONNECT has its level, behind its fixed header (3.1.2.2). */
const LEVEL_AT = 6;

/** One direction of a connection. */
class Direction {
  private readonly frames: FrameReader = {
    unread: "",
    payloadLeft: 0,
    more: 0,
    over: 0,
    log: { level: 2 },
    shownAt: 2,
    receiver: this,
    onFrame: (_, length) => this.say(`WebSocket data frame, ${length} bytes`),
    onPayload: (_, payload) => {
      this.data(payload);
      return 0;
    },
    onControl: (_, opcode, payload) => this.control(opcode, payload),
  };
  private readonly client: Client;
  private words: string[] = [];
  private lost = false;
  /** Payload of a sent message that is not whole. */
  private rest: Bytes = "";

  constructor(
    private readonly arrow: "<" | ">",
    private readonly version: Version,
  ) {
    const handlers: Client["handlers"] = {};
    for (let type = 1; type < 16; type++)
      handlers[type] = (client, _flags, bytes, at) => this.packet(client, bytes, at);
    const quiet = { level: 0, print() {}, uptime: () => 0 };
    const reads = {
      maxPacket: MAX_REMAINING_LENGTH,
      maxInflight: 0,
      maxUnsent: 0,
      outbox: { messages: 0, bytes: 0 },
    };
    this.client = newClient({
      log: quiet,
      owner: this,
      handlers: handlers,
      limits: reads,
      ready() {},
      received() {},
      wire: this,
      transmit: () => 0,
      untransmitted: () => 0,
    });
  }

  take(bytes: Bytes): string[] {
    this.words = [];
    if (this.lost) return [];
    const code = readFrames(this.frames, bytes);
    if (code && !this.frames.over) this.lose(`not a WebSocket frame (${code})`);
    return this.words;
  }

  private say(words: string): void {
    this.words.push(`${this.arrow} ${words}`);
  }

  /** The monitor may have come in the middle of something. */
  private lose(why: string): void {
    this.lost = true;
    this.say(`${why}: decoding goes on with the next connection`);
  }

  private control(opcode: number, payload: Bytes): void {
    const name = opcode === CLOSE ? "CLOSE" : opcode === PING ? "PING" : "PONG";
    const code =
      opcode === CLOSE && payload.length > 1 ? ` ${payload.charCodeAt(0) * 256 + payload.charCodeAt(1)}` : "";
    this.say(`WebSocket ${name}${code}, ${payload.length} bytes`);
  }

  private data(payload: Bytes): void {
    if (this.lost) return;
    if (this.arrow === ">") {
      this.sentData(payload);
      return;
    }
    // A CONNACK comes first; who comes later sees others first.
    if (this.client.state !== WATCHING)
      this.client.state = payload.charCodeAt(0) >> 4 === CONNACK ? CONNECTING : WATCHING;
    let reason = receive(this.client, payload);
    if (reason < 0) reason = deliver(this.client);
    if (reason) this.lose(`not an MQTT packet (0x${reason.toString(16)})`);
  }

  /** The firmware's reader refuses what only clients send; its own packets are whole, so splitting is all there is to do. */
  private sentData(payload: Bytes): void {
    this.rest += payload;
    for (;;) {
      const length = readVarint(this.rest, 1);
      const at = 1 + varintSize(length);
      // Not whole yet; NaN is not larger either.
      if (!(length >= 0 && this.rest.length >= at + length)) return;
      if (this.rest.charCodeAt(0) >> 4 === CONNECT) this.version.level = this.rest.charCodeAt(at + LEVEL_AT);
      this.say(this.inWords(this.rest.slice(0, at + length), at));
      this.rest = this.rest.slice(at + length);
    }
  }

  private packet(client: Client, bytes: Bytes, at: number): number {
    client.state = WATCHING;
    this.say(this.inWords(bytes, at));
    return 0;
  }

  private inWords(bytes: Bytes, at: number): string {
    return this.version.level === 5 ? packet5InWords(bytes, at) : packetInWords(bytes, at);
  }
}
