// Splits the output of a board's console into lines of text and answers of Espruino's packet protocol (2v25 and later).
// Bytes may come in any pieces.

import { MAX_LINE_BYTES } from "../limits.ts";

export const ACK = 6;
export const NAK = 21;
const BACKSPACE = 8;
const LF = 10;
const CR = 13;
const DLE = 16;
const SOH = 1;
const XON = 17;
const XOFF = 19;
const ESC = 27;

export interface ConsoleEvents {
  /** A whole line, without prompt, control characters and text that the console erased. */
  line(text: string): void;
  /** The answer to a packet. */
  ack?(): void;
  nak?(): void;
  /** The packet that follows an ACK, as a byte string. */
  packet?(payload: string): void;
}

type State = "text" | "escape" | "csi" | "dle" | "length" | "length2" | "packet";

export class ConsoleStream {
  private state: State = "text";
  /** Bytes of the line so far. */
  private line: number[] = [];
  /** Whether the cursor is at the start of the line: the next text overwrites it. */
  private home = false;
  private left = 0;
  private payload = "";

  constructor(private readonly on: ConsoleEvents) {}

  take(bytes: Uint8Array): void {
    for (const byte of bytes) if (byte !== XON && byte !== XOFF) this[this.state](byte);
  }

  private text(byte: number): void {
    if (byte === ESC) this.state = "escape";
    else if (byte === DLE) this.state = "dle";
    else if (byte === ACK) this.on.ack?.();
    else if (byte === NAK) this.on.nak?.();
    else if (byte === LF) this.end();
    else if (byte === CR) this.home = true;
    else if (byte === BACKSPACE) this.line.pop();
    else if (byte >= 32 && byte !== 127) this.append(byte);
    else if (byte === 9) this.append(32);
  }

  private append(byte: number): void {
    this.home = false;
    this.line.push(byte);
    if (this.line.length >= MAX_LINE_BYTES) this.end();
  }

  private end(): void {
    // A prompt that was not erased stays before the next text. C1 controls act on some terminals.
    const text = Buffer.from(this.line).toString("utf8");
    this.line = [];
    this.home = false;
    this.on.line(text.replace(/^>+/, "").replace(/[\u0080-\u009f]/g, "."));
  }

  private escape(byte: number): void {
    this.state = byte === 0x5b ? "csi" : "text";
  }

  private csi(byte: number): void {
    if (byte < 0x40 || byte > 0x7e) return;
    this.state = "text";
    // CR, ESC [ J: the console erases its prompt before it prints.
    if (byte === 0x4a && this.home) this.line = [];
  }

  private dle(byte: number): void {
    this.state = byte === SOH ? "length" : "text";
  }

  private length(byte: number): void {
    this.left = (byte & 31) << 8;
    this.state = "length2";
  }

  private length2(byte: number): void {
    this.left |= byte;
    this.payload = "";
    this.state = "packet";
    if (this.left === 0) this.packet();
  }

  private packet(byte?: number): void {
    if (byte !== undefined) {
      this.payload += String.fromCharCode(byte);
      this.left--;
    }
    if (this.left > 0) return;
    this.state = "text";
    this.on.packet?.(this.payload);
  }
}
