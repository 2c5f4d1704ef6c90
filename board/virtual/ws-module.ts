// A stand-in for Espruino's stock `ws` module: the same interface and the same defects, written from a description of
// its behaviour. Made badly on purpose: what works through it should work through the original. Not for other use.
import { createHash } from "node:crypto";
import { toBuffer } from "./bytes.ts";
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";
import { receiving, xor } from "./ws-frames.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const TEXT = 0x81;

/** What the module needs of the board. */
export interface WsHost {
  realm: Realm;
  events: Events;
  /** The board's `require`. */
  require(name: string): unknown;
  print(line: string): void;
}

/** A socket of either `net` or what the firmware put in its place. */
interface Socket extends Obj {
  write(bytes: string): void;
  end(): void;
  on(event: string, listener: unknown): void;
}

export interface WebSocket extends Obj {
  socket: Socket | null;
  lastData: string;
  connected: boolean;
  keepAlive: number;
  masking: boolean;
  pingTimer: unknown;
  key: { source: string; hashed: string };
  emit(event: string, ...args: unknown[]): void;
  send(text: string, first?: number): void;
  parseData(bytes: string): void;
  onConnect(socket: Socket): void;
  handshake(): void;
}

/** `require("ws")`: a function that makes and connects a WebSocket. */
export function wsModule(host: WsHost): unknown {
  const prototype = host.realm.object({ ...sending(host), ...receiving(host), ...connecting(host) });
  return host.realm.adopt((name: string, options?: Obj) => {
    const ws = Object.create(prototype) as WebSocket;
    Object.assign(ws, fields(host, name, options ?? {}));
    (ws.initializeConnection as () => void)();
    return ws;
  });
}

function fields({ realm }: WsHost, host: string, options: Obj): Obj {
  const random = (realm.global.Math as Math).random;
  let letters = "";
  while (letters.length < 16) letters += KEY_LETTERS[Math.floor(random() * KEY_LETTERS.length)];
  const source = toBuffer(letters).toString("base64");
  const hashed = createHash("sha1")
    .update(source + GUID)
    .digest("base64");
  return {
    socket: null,
    host,
    port: options.port || 80,
    protocolVersion: options.protocolVersion || 13,
    origin: options.origin || "Espruino",
    keepAlive: Number(options.keepAlive) * 1000 || 60000,
    masking: options.masking !== undefined ? options.masking : true,
    path: options.path || "/",
    protocol: options.protocol,
    lastData: "",
    key: realm.object({ source, hashed }),
    connected: false,
    headers: options.headers || realm.object(),
  };
}

function connecting({ realm, require: load }: WsHost): Obj {
  const stop = (id: unknown) => (realm.global.clearInterval as (id: unknown) => void)(id);
  return {
    initializeConnection(this: WebSocket) {
      // Looked up at each call: the firmware may have put a function of its own in front of it.
      const net = load("net") as { connect(options: Obj, callback: unknown): void };
      const { host, port } = this;
      net.connect(realm.object({ host, port }), this.onConnect.bind(this));
    },
    onConnect(this: WebSocket, socket: Socket) {
      this.socket = socket;
      socket.on("data", this.parseData.bind(this));
      socket.on("close", () => {
        if (this.pingTimer) stop(this.pingTimer);
        this.pingTimer = undefined;
        this.emit("close");
      });
      this.handshake();
    },
    handshake(this: WebSocket) {
      const lines = [
        `GET ${this.path} HTTP/1.1`,
        `Host: ${this.host}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Key: ${this.key.source}`,
        `Sec-WebSocket-Version: ${this.protocolVersion}`,
        `Origin: ${this.origin}`,
      ];
      if (this.protocol) lines.push(`Sec-WebSocket-Protocol: ${this.protocol}`);
      const headers = this.headers as Obj;
      for (const name of Object.keys(headers)) lines.push(`${name}: ${headers[name]}`);
      this.socket!.write(`${lines.join("\r\n")}\r\n\r\n`);
    },
    close(this: WebSocket) {
      this.socket!.end();
    },
  };
}

function sending({ realm }: WsHost): Obj {
  return {
    /** Three or four writes a frame; over 65,535 bytes the length is wrong. */
    send(this: WebSocket, text: string, first: number = TEXT) {
      const socket = this.socket!;
      const long = text.length > 125;
      const mask = this.masking ? 128 : 0;
      socket.write(byte(first) + byte((long ? 126 : text.length) + mask));
      if (long) {
        socket.write(byte(text.length >> 8));
        socket.write(byte(text.length));
      }
      socket.write(mask ? masked(text, (realm.global.Math as Math).random) : text);
    },
  };
}

function masked(text: string, random: () => number): string {
  let mask = "";
  while (mask.length < 4) mask += byte(random() * 255);
  return mask + xor(text, mask);
}

function byte(value: number): string {
  return String.fromCharCode(value & 255);
}
