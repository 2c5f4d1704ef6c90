// A TLS 1.2 server with a pre-shared key, to be scripted: it does everything right, except what a test tells it. Made of
// Node's HMAC and AES; it shares no code with ours.
import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { bytes, text } from "./rig.ts";

export const KEY = "0123456789abcdefghijklmnopqrstuv";
export const IDENTITY = "garden-7";
const RANDOM = "S".repeat(32);

/** Number in two bytes. */
export function two(n: number): string {
  return String.fromCharCode(n >> 8, n & 255);
}

export function record(type: number, fragment: string, version = "\x03\x03"): string {
  return String.fromCharCode(type) + version + two(fragment.length) + fragment;
}

export function message(type: number, body: string): string {
  return `${String.fromCharCode(type, body.length >> 16)}${two(body.length & 65535)}${body}`;
}

export function extension(type: number, value = ""): string {
  return two(type) + two(value.length) + value;
}

export function hmac(key: string, data: string): string {
  return text(createHmac("sha256", bytes(key)).update(bytes(data)).digest());
}

/** P_SHA256 (RFC 5246 5). */
export function prf(secret: string, seed: string, length: number): string {
  let out = "";
  for (let a = hmac(secret, seed); out.length < length; a = hmac(secret, a)) out += hmac(secret, a + seed);
  return out.slice(0, length);
}

export function sha256(data: string): string {
  return text(createHash("sha256").update(bytes(data)).digest());
}

/** EtM and EMS, as a server answers them. */
export const EXTENSIONS = extension(22) + extension(23);

export interface HelloOptions {
  version?: string;
  session?: string;
  suite?: number;
  compression?: number;
  extensions?: string;
}

/** A ServerHello. */
export function serverHello({
  version = "\x03\x03",
  session = "",
  suite = 0xae,
  compression = 0,
  extensions = EXTENSIONS,
}: HelloOptions = {}): string {
  const list = extensions && two(extensions.length) + extensions;
  const id = String.fromCharCode(session.length) + session;
  return message(2, version + RANDOM + id + two(suite) + String.fromCharCode(compression) + list);
}

export const HELLO_DONE = message(14, "");
export const CHANGE = record(20, "\x01");

export interface SealOptions {
  /** Number of bytes of padding. */
  pad?: number;
  wrongPad?: boolean;
  iv?: string;
  last?: number;
}

/** One direction. */
interface Side {
  mac: string;
  key: string;
  sequence: bigint;
}

export class TlsServer {
  transcript = "";
  write!: Side;
  read!: Side;
  /** What the client's Finished must be. */
  private expected = "";
  private finished = "";

  constructor(readonly key = KEY) {}

  /** Takes ClientHello; answers with the first flight. */
  first(clientHello: string, hello = serverHello(), between = ""): string {
    this.clientRandom = clientHello.slice(11, 43);
    const flight = hello + between + HELLO_DONE;
    this.transcript = clientHello.slice(5) + flight;
    return record(22, flight);
  }
  private clientRandom = "";

  /** Takes ClientKeyExchange, ChangeCipherSpec and Finished; answers with the last flight. Throws where they are wrong. */
  last(flight: string, shared = this.key): string {
    const exchange = flight.slice(5, 5 + flight.charCodeAt(3) * 256 + flight.charCodeAt(4));
    this.transcript += exchange;
    const pad = two(shared.length);
    const premaster = pad + "\0".repeat(shared.length) + pad + shared;
    const master = prf(premaster, `extended master secret${sha256(this.transcript)}`, 48);
    const block = prf(master, `key expansion${RANDOM}${this.clientRandom}`, 96);
    this.read = { mac: block.slice(0, 32), key: block.slice(64, 80), sequence: 0n };
    this.write = { mac: block.slice(32, 64), key: block.slice(80, 96), sequence: 0n };
    const rest = flight.slice(5 + exchange.length);
    if (!rest.startsWith(CHANGE)) throw new Error("expected ChangeCipherSpec");
    this.expected = message(20, prf(master, `client finished${sha256(this.transcript)}`, 12));
    const got = this.open(rest.slice(CHANGE.length));
    if (got.length !== 1 || got[0]!.type !== 22 || got[0]!.text !== this.expected)
      throw new Error("the client's Finished is wrong");
    this.transcript += this.expected;
    this.finished = message(20, prf(master, `server finished${sha256(this.transcript)}`, 12));
    return CHANGE + this.seal(22, this.finished);
  }

  /** The Finished of `last`. */
  get ownFinished(): string {
    return this.finished;
  }

  /**
   * An encrypted record. Options make it wrong: another padding, whose first byte is wrong, or another last byte.
   */
  seal(type: number, plain: string, { pad, wrongPad = false, iv = "i".repeat(16), last }: SealOptions = {}) {
    const side = this.write;
    pad ??= 15 - (plain.length % 16);
    last ??= pad;
    const first = String.fromCharCode(wrongPad ? pad ^ 1 : pad);
    const padding = String.fromCharCode(pad).repeat(pad);
    const whole = (first + padding).slice(0, pad) + String.fromCharCode(last);
    const shown = plain.length % 16 === 0 && pad === 0 ? plain.slice(0, -1) + whole : plain + whole;
    const aes = createCipheriv("aes-128-cbc", bytes(side.key), bytes(iv)).setAutoPadding(false);
    const hidden = iv + text(Buffer.concat([aes.update(bytes(shown)), aes.final()]));
    const head = `${String.fromCharCode(type)}\x03\x03`;
    const mac = hmac(side.mac, number(side.sequence++) + head + two(hidden.length) + hidden);
    return head + two(hidden.length + 32) + hidden + mac;
  }

  /** Decrypts whole records of the client. Throws where one is wrong. */
  open(data: string): { type: number; text: string; iv: string }[] {
    const found = [];
    const side = this.read;
    for (let at = 0; at < data.length; ) {
      const length = data.charCodeAt(at + 3) * 256 + data.charCodeAt(at + 4);
      const fragment = data.slice(at + 5, at + 5 + length);
      if (fragment.length !== length) throw new Error("not a whole record");
      const hidden = fragment.slice(0, -32);
      const mac = hmac(
        side.mac,
        number(side.sequence++) + data.slice(at, at + 3) + two(hidden.length) + hidden,
      );
      if (fragment.slice(-32) !== mac) throw new Error("a wrong MAC");
      const iv = hidden.slice(0, 16);
      const aes = createDecipheriv("aes-128-cbc", bytes(side.key), bytes(iv)).setAutoPadding(false);
      const clear = text(Buffer.concat([aes.update(bytes(hidden.slice(16))), aes.final()]));
      const pad = clear.charCodeAt(clear.length - 1);
      if ([...clear.slice(-pad - 1)].some((one) => one.charCodeAt(0) !== pad))
        throw new Error("a wrong padding");
      found.push({ type: data.charCodeAt(at), text: clear.slice(0, -pad - 1), iv });
      at += 5 + length;
    }
    return found;
  }
}

function number(sequence: bigint): string {
  const data = Buffer.alloc(8);
  data.writeBigUInt64BE(sequence);
  return text(data);
}
