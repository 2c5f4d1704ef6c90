// A pretended boot loader of an ESP32, as Espressif's documents of its serial protocol describe it: enough for esptool-js to
// find the chip, to load its stub, and to write a flash that the test can read.
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";

const END = 0xc0;
const ESCAPE = 0xdb;
/** Register that tells an ESP32 apart, and the word there. */
const MAGIC: [number, number] = [0x40001000, 0x00f01d83];
/** Where the SPI controller leaves the flash chip's id: 4 MB. */
const FLASH_ID: [number, number] = [0x3ff42080, 0x1640ef];

const SYNC = 0x08;
const READ_REG = 0x0a;
const MEM_END = 0x06;
const DEFLATE_BEGIN = 0x10;
const DEFLATE_DATA = 0x11;
const MD5 = 0x13;
const SECURITY_INFO = 0x14;
const ERASE = 0xd0;

export class PretendLoader {
  readonly flash = Buffer.alloc(4 * 1024 * 1024, 0xff);
  erased = 0;
  /** The id in the answer to GET_SECURITY_INFO, which the plain ESP32 does not know. */
  chipId: number | undefined;
  private packet: number[] | undefined;
  private escaped = false;
  private stub = false;
  private at = 0;
  private compressed: Buffer[] = [];
  private wanted = 0;

  constructor(private readonly write: (bytes: Buffer) => void) {}

  /** The chip was reset into its boot loader. */
  start(): void {
    this.stub = false;
    this.packet = undefined;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.byte(byte);
  }

  /** SLIP (RFC 1055). */
  private byte(byte: number): void {
    if (byte === END) {
      if (this.packet?.length) this.obey(Buffer.from(this.packet));
      this.packet = [];
    } else if (byte === ESCAPE) this.escaped = true;
    else {
      this.packet?.push(this.escaped ? (byte === 0xdc ? END : ESCAPE) : byte);
      this.escaped = false;
    }
  }

  private obey(packet: Buffer): void {
    const command = packet[1]!;
    const data = packet.subarray(8);
    if (command === SYNC) for (let i = 0; i < 8; i++) this.answer(command, this.stub ? 0 : 0x20120707);
    else if (command === READ_REG) this.answer(command, this.register(data.readUInt32LE(0)));
    else if (command === SECURITY_INFO) this.security(command);
    else if (command === MD5) this.answer(command, 0, this.sumOf(data.readUInt32LE(0), data.readUInt32LE(4)));
    else {
      if (command === DEFLATE_BEGIN) this.begin(data);
      else if (command === DEFLATE_DATA) this.data(data);
      else if (command === ERASE) this.erase();
      this.answer(command, 0);
      if (command === MEM_END) this.runStub();
    }
  }

  private register(address: number): number {
    return new Map([MAGIC, FLASH_ID]).get(address) ?? 0;
  }

  private security(command: number): void {
    if (this.chipId === undefined) {
      this.answer(command, 0, Buffer.alloc(0), [1, 5]);
      return;
    }
    const info = Buffer.alloc(20);
    info.writeUInt32LE(this.chipId, 12);
    this.answer(command, 0, info);
  }

  private begin(data: Buffer): void {
    this.compressed = [];
    this.wanted = data.readUInt32LE(4);
    this.at = data.readUInt32LE(12);
  }

  private data(data: Buffer): void {
    this.compressed.push(data.subarray(16, 16 + data.readUInt32LE(0)));
    if (this.compressed.length === this.wanted)
      this.flash.set(inflateSync(Buffer.concat(this.compressed)), this.at);
  }

  private erase(): void {
    this.erased++;
    this.flash.fill(0xff);
  }

  private sumOf(at: number, length: number): Buffer {
    return createHash("md5")
      .update(this.flash.subarray(at, at + length))
      .digest();
  }

  private runStub(): void {
    this.stub = true;
    this.send(Buffer.from("OHAI"));
  }

  private answer(command: number, value: number, data: Uint8Array = Buffer.alloc(0), status = [0, 0]): void {
    const head = Buffer.from([1, command, data.length + 2, 0, 0, 0, 0, 0]);
    head.writeUInt32LE(value >>> 0, 4);
    // The ROM's status has two bytes more than the stub's.
    this.send(Buffer.concat([head, data, Buffer.from(this.stub ? status : [...status, 0, 0])]));
  }

  private send(packet: Buffer): void {
    const bytes = [...packet].flatMap((byte) =>
      byte === END ? [ESCAPE, 0xdc] : byte === ESCAPE ? [ESCAPE, 0xdd] : [byte],
    );
    this.write(Buffer.from([END, ...bytes, END]));
  }
}
