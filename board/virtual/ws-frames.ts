// How the stand-in for the stock `ws` module reads: the HTTP reply and the frames, with the original's gaps. The rest
// of the module is in ws-module.ts.
import { fromBuffer, toBuffer } from "./bytes.ts";
import type { Obj } from "./realm.ts";
import type { WebSocket, WsHost } from "./ws-types.ts";

const PING = 0x89;
const PONG = 0x8a;

/** The module's `parseData`. */
export function receiving(host: WsHost): Obj {
  return {
    parseData(this: WebSocket, bytes: string) {
      this.emit("rawData", bytes);
      const data = this.lastData + bytes;
      this.lastData = "";
      if (this.connected) frames(host, this, data);
      else reply(host, this, data);
    },
  };
}

/** Reads the HTTP reply: only looks for the hash, anywhere. What follows it waits for the next chunk. */
function reply({ realm }: WsHost, ws: WebSocket, data: string): void {
  const end = data.indexOf("\r\n\r\n");
  ws.lastData = data;
  if (end < 0 || !data.includes(ws.key.hashed)) return;
  ws.emit("handshake");
  const every = realm.global.setInterval as (callback: unknown, ms: number) => unknown;
  ws.pingTimer = every(() => ws.send("ping", PING), ws.keepAlive);
  ws.connected = true;
  ws.lastData = data.substr(end + 4);
  ws.emit("open");
}

/** Reads frames: no FIN, no continuation, no binary, no 64-bit length. */
function frames(host: WsHost, ws: WebSocket, data: string): void {
  while (data.length) {
    let at = 2;
    let length = data.charCodeAt(1) & 127;
    if (length === 127) throw "a message of more than 65535 bytes";
    if (length === 126) {
      length = (data.charCodeAt(2) << 8) | data.charCodeAt(3);
      at = 4;
    }
    const masked = data.charCodeAt(1) & 128;
    const end = at + length + (masked ? 4 : 0);
    if (end > data.length) {
      ws.lastData = data;
      return;
    }
    const mask = masked ? data.substr(at, 4) : "";
    handle(host, ws, data.charCodeAt(0) & 15, xor(data.substring(at + mask.length, end), mask));
    data = data.substr(end);
  }
}

function handle({ print }: WsHost, ws: WebSocket, opcode: number, payload: string): void {
  if (opcode === 10) ws.emit("pong");
  else if (opcode === 9) {
    ws.send("pong", PONG);
    ws.emit("ping");
  } else if (opcode === 8) ws.socket!.end();
  else if (opcode < 2) ws.emit("message", payload);
  else print(`WS: Unknown opcode ${opcode}`);
}

/** XORs the text with the four bytes of the mask, over and over; an empty mask changes nothing. */
export function xor(text: string, mask: string): string {
  if (!mask) return text;
  return fromBuffer(toBuffer(text).map((value, i) => value ^ mask.charCodeAt(i & 3)));
}
