// A board as src/board.ts wants it, as light as it can be: real sockets of Node, files in memory, a radio that joins after
// a while. Ten thousand of them run in a few processes.
import { createHash, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { crc32 } from "node:zlib";
import { authorityOf } from "../../../board/esp32/authority";
import type { Board, Line, Owner, Target } from "../../../src/board";
import type { Ticked, Wheel } from "./wheel.ts";

/** RFC 6455 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** How long a radio takes to join a network, and to find that there is none, in ms: at least, and a random part. */
const JOIN_MS = 1500;
const JOIN_SPREAD_MS = 1500;
/** After the end of a connection its socket may still send for so long, in ms. */
const LINGER_MS = 5000;

export interface LightBoardOptions {
  serial: string;
  files: Record<string, string>;
  wheel: Wheel;
  /** Gets each line of the console. */
  print(line: string): void;
  /** Gets all bytes that its socket brings. */
  witness(bytes: string): void;
  /** Where a connection of the board leads now, and its own address. Counts the attempt. */
  dial(target: Target): { port: number; from: string };
  /** Starts the firmware again. */
  restart(): void;
}

export class LightBoard implements Board, Ticked {
  readonly files: Record<string, string>;
  private readonly born = performance.now();
  private owner: Owner | undefined;
  private radio: Owner | undefined;
  private air = true;
  private joined = false;
  private socket: Socket | undefined;
  private line: Line | undefined;
  private wantsDrained = false;
  private accept = "";
  /** Sockets of a board without Wi-Fi: nothing tells the server that they are over. */
  private ghosts: Socket[] = [];

  constructor(private readonly options: LightBoardOptions) {
    this.files = options.files;
    this.print = options.print;
  }

  readonly print: (line: string) => void;
  readonly serial = () => this.options.serial;
  readonly uptime = () => Math.floor(performance.now() - this.born);
  readonly chance = () => Math.random();
  readonly seed = () => 1;
  readonly readFile = (name: string): string | undefined => this.files[name];
  readonly crc32 = (bytes: string) => crc32(Buffer.from(bytes, "latin1"));
  readonly watchdog = () => {};
  readonly faults = () => {};

  writeFile(name: string, bytes: string): string {
    if (bytes) this.files[name] = bytes;
    else delete this.files[name];
    return "";
  }

  parseJson(json: string): unknown {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  }

  tick(owner?: Owner): void {
    this.owner = owner;
    if (owner) this.options.wheel.add(this);
    else this.options.wheel.remove(this);
  }

  second(): void {
    this.owner?.onSecond(this.owner);
  }

  restart(): void {
    this.off();
    this.options.restart();
  }

  /** Power off. */
  off(): void {
    this.tick();
    this.hangUp(1);
    this.radio = undefined;
    for (const ghost of this.ghosts.splice(0)) ghost.destroy();
  }

  joinWifi(_network: unknown, owner: Owner, attempt: number): void {
    this.radio = owner;
    setTimeout(
      () => {
        if (this.radio !== owner) return;
        this.joined = this.air;
        owner.onJoined(owner, attempt, this.air ? "" : "NO_AP_FOUND");
      },
      JOIN_MS + Math.random() * JOIN_SPREAD_MS,
    );
  }

  /** The access point is gone. */
  loseAir(): void {
    this.air = false;
    if (!this.joined) return;
    this.joined = false;
    const { socket } = this;
    if (socket) {
      socket.removeAllListeners("data").pause();
      this.ghosts.push(socket);
      this.socket = undefined;
    }
    this.radio?.onLeft(this.radio, "BEACON_TIMEOUT");
  }

  /** It is there again. */
  findAir(): void {
    this.air = true;
    for (const ghost of this.ghosts.splice(0)) ghost.destroy();
  }

  /** The network between the board and the server ends the connection. */
  cut(): void {
    this.socket?.destroy();
  }

  open(target: Target, line: Line): void {
    const key = randomBytes(16).toString("base64");
    const { port, from } = this.options.dial(target);
    this.accept = createHash("sha1")
      .update(key + GUID)
      .digest("base64");
    const socket = connect({ host: "127.0.0.1", port, localAddress: from, noDelay: true });
    this.socket = socket;
    this.line = line;
    this.wantsDrained = false;
    const mine = () => this.socket === socket;
    socket.on("connect", () => {
      if (mine()) line.onConnected(line);
    });
    socket.on("data", (bytes) => {
      if (!mine()) return;
      const text = bytes.toString("latin1");
      this.options.witness(text);
      line.onBytes(line, text);
    });
    let why = "";
    socket.on("error", (error: NodeJS.ErrnoException) => {
      why = error.code ?? error.message;
    });
    socket.on("close", () => {
      if (!mine()) return;
      this.socket = undefined;
      line.onLost(line, why);
    });
    socket.write(
      `GET ${target.path} HTTP/1.1\r\nHost: ${authorityOf(target)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
    );
  }

  accepted(reply: string): boolean {
    return reply.includes(this.accept);
  }

  writeBytes(bytes: string): number {
    return this.write(bytes && Buffer.from(bytes, "latin1"));
  }

  writeFrame(head: string, payload: string, key: number): number {
    return this.write(masked(head, payload, key));
  }

  maskFrame(head: string, payload: string, key: number): string {
    return masked(head, payload, key).toString("latin1");
  }

  hangUp(now: number): void {
    const { socket } = this;
    this.socket = this.line = undefined;
    if (!socket) return;
    if (now) return void socket.destroy();
    socket.removeAllListeners("data").resume();
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.end();
  }

  /** Writes, or with "" asks to be told when nothing waits any more. */
  private write(bytes: Buffer | ""): number {
    const { socket } = this;
    // As on a chip: whoever writes after `hangUp` has made a mistake.
    if (!this.line) throw new Error("written to no connection");
    if (!socket) return 0;
    if (bytes) socket.write(bytes, () => this.sent());
    else {
      this.wantsDrained = true;
      if (!socket.writableLength) setImmediate(() => this.sent());
    }
    return socket.writableLength;
  }

  private sent(): void {
    const { line } = this;
    if (!line || !this.wantsDrained || this.socket?.writableLength) return;
    this.wantsDrained = false;
    line.onDrained(line);
  }
}

/** Octet i of the payload is XORed with octet i modulo 4 of the key (RFC 6455 5.3); the last four of the head become the key. */
function masked(head: string, payload: string, key: number): Buffer {
  const bytes = Buffer.from(head + payload, "latin1");
  const from = head.length - 4;
  for (let i = from; i < bytes.length; i++) bytes[i]! ^= (key >>> (8 * ((i - from) & 3))) & 255;
  return bytes;
}
