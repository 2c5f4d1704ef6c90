// A pretend board at the other end of a port: the part of Espruino's console that the uploader uses, with every failure
// that a test asks for. Expressions are really evaluated, in a world of a few fake objects.

import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "../../board/virtual/crc32.ts";
import { chosen } from "./bench-board.ts";
import type { Pty } from "./pty.ts";

export interface Traits {
  version?: string;
  board?: string;
  modules?: string;
  jsvars?: number;
  bluetooth?: boolean;
  /** Bytes of Storage. */
  storage?: number;
  /** Never answers. */
  silent?: boolean;
  /** Does not know the enquiry for its name, as Espruino 2v22; lines that are typed it knows. */
  noEnquiry?: boolean;
  /** Its console is locked, and this unlocks it. */
  password?: string;
  /** Prints without end, and is not Espruino. */
  babbles?: boolean;
  /** Prints a line every so many ms while its program runs. */
  logsEveryMs?: number;
  /** The lines that it prints when its program starts. */
  log?: string[];
  /** The files in its Storage: name -> byte string. */
  files?: Record<string, string>;
  /** Whether question number `n` arrives garbled. */
  garble?: (n: number) => boolean;
  /** Loses what follows this many bytes that come in one write. */
  burst?: number;
  /** Called before each write to Storage; returns what is written instead. */
  onWrite?: (name: string, data: string) => string;
}

const MODULES = "Flash,Storage,fs,net,tls,http,Wifi,crypto";
const PROMPT = ">";
const LOADER = readFileSync("dist/loader.js", "latin1");
/** How long a packet may take to come, in ms; on a chip 5 s. */
const PACKET_MS = 1500;

/** What a board with these files runs. */
function started(flash: Map<string, string>): string | undefined {
  const boot = flash.get(".bootcde");
  return boot === LOADER ? chosen(flash, []) : boot;
}

export class PretendBoard {
  readonly flash: Map<string, string>;
  /** Bytes of erased and replaced files. */
  trash = 0;
  /** The program that runs: the boot code that the loader chose, or the text of .bootcde where that is not the loader. */
  running: string | undefined;
  /** Lines that were typed at the console. */
  readonly typed: string[] = [];
  boots = 0;
  /** Arguments of each call of `E.enableWatchdog`, and whether the program still ran. */
  readonly watchdog: unknown[][] = [];
  bluetooth: boolean;
  private locked: boolean;
  private input: number[] = [];
  private questions = 0;
  private timer: NodeJS.Timeout | undefined;
  private late: NodeJS.Timeout | undefined;

  constructor(
    private readonly pty: Pick<Pty, "onBytes" | "write">,
    private readonly traits: Traits = {},
  ) {
    this.flash = new Map(Object.entries(traits.files ?? {}));
    this.bluetooth = traits.bluetooth ?? false;
    this.locked = traits.password !== undefined;
    pty.onBytes = (bytes) => this.take(bytes);
    this.boot();
  }

  /** Prints a line as the console does: erases the prompt, prints the line, prints the prompt again. */
  print(line: string): void {
    if (!this.traits.silent) this.pty.write(`\r\x1b[J${Buffer.from(line).toString("latin1")}\r\n${PROMPT}`);
  }

  boot(): void {
    this.boots++;
    this.running = started(this.flash);
    this.off();
    if (this.traits.babbles) this.timer = setInterval(() => this.pty.write("I (312) main: hello\r\n"), 50);
    if (this.running === undefined) return;
    for (const line of this.traits.log ?? []) this.print(line);
    const { logsEveryMs } = this.traits;
    if (logsEveryMs) this.timer = setInterval(() => this.print("1f 3 app I am busy"), logsEveryMs);
  }

  off(): void {
    clearInterval(this.timer);
    this.forgetPart();
  }

  private take(bytes: Buffer): void {
    if (this.traits.silent || this.traits.babbles) return;
    this.input.push(...bytes.subarray(0, this.traits.burst));
    while (this.input.length && this.next()) {}
    const isPart = this.input[0] === 16 && this.input[1] === 1;
    if (isPart) this.late ??= setTimeout(() => this.refusePart(), PACKET_MS);
    else this.forgetPart();
  }

  /** The rest of a packet has not come: it is refused without a word. */
  private refusePart(): void {
    this.forgetPart();
    this.input.length = 0;
    this.pty.write("\x15");
  }

  private forgetPart(): void {
    clearTimeout(this.late);
    this.late = undefined;
  }

  /** Takes one packet, line or key; false if it is incomplete. */
  private next(): boolean {
    const { input } = this;
    if (this.locked) return this.login();
    if (input[0] === 16 && input.length < 2) return false;
    if (input[0] === 16 && input[1] === 1) {
      if (input.length < 4) return false;
      const length = ((input[2]! & 31) << 8) | input[3]!;
      if (input.length < 4 + length) return false;
      input.splice(0, 4);
      this.question(Buffer.from(input.splice(0, length)).toString("latin1"));
    } else if (input[0]! === 27) input.splice(0, 4);
    else if (input[0]! < 32) {
      if (input.shift() === 5 && !this.traits.noEnquiry) this.pty.write(`${this.name}\r\n`);
    } else {
      const end = input.indexOf(10);
      if (end < 0) return false;
      const line = Buffer.from(input.splice(0, end + 1))
        .toString("utf8")
        .trim();
      if (line.startsWith('print("Espruino "+')) this.print(this.name);
      else this.typed.push(line);
    }
    return true;
  }

  /** A locked console takes up to 20 bytes of anything and compares them at the end of a line. */
  private login(): boolean {
    const end = this.input.indexOf(10);
    if (end < 0) return false;
    const word = Buffer.from(this.input.splice(0, end + 1).slice(0, Math.min(end, 20))).toString("latin1");
    this.locked = word !== this.traits.password;
    this.pty.write(this.locked ? "\r\n  Invalid password\r\npassword>" : `\r\n  Logged in.\r\n${PROMPT}`);
    return true;
  }

  private get name(): string {
    return `Espruino ${this.traits.version ?? "2v27"} ${this.traits.board ?? "ESP32"}`;
  }

  private question(text: string): void {
    this.questions++;
    if (this.traits.garble?.(this.questions)) text = `${text.slice(0, 60)}${text.slice(61)}`;
    try {
      const value = JSON.stringify(runInContext(text, createContext(this.world())));
      this.pty.write(Buffer.from([6, 16, 1, value.length >> 8, value.length & 255]));
      this.pty.write(value);
    } catch (error) {
      this.pty.write("\x15");
      this.print(`Uncaught ${error}`);
    }
  }

  private world(): Record<string, unknown> {
    const { traits } = this;
    return {
      require: () => this.storage(),
      btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"),
      E: {
        CRC32: (text: string) => crc32(Buffer.from(text, "latin1")),
        reboot: () => this.boot(),
        enableWatchdog: (...args: unknown[]) => this.watchdog.push([...args, this.running !== undefined]),
      },
      ESP32: { getState: () => ({ BLE: this.bluetooth }), enableBLE: () => this.bluetoothOff() },
      process: {
        env: { BOARD: traits.board ?? "ESP32", MODULES: traits.modules ?? MODULES },
        memory: () => ({ total: traits.jsvars ?? 5886, free: 4321 }),
      },
      reset: () => {
        this.off();
        this.running = undefined;
      },
      setTimeout: (action: () => void) => Number(setTimeout(action, 1)),
    };
  }

  private bluetoothOff(): void {
    this.bluetooth = false;
    this.flash.delete(".bootcde");
    this.boot();
  }

  private storage() {
    const total = this.traits.storage ?? 917504;
    const size = (text: string) => 32 + text.length;
    const used = () => [...this.flash.values()].reduce((sum, text) => sum + size(text), 0);
    const erase = (name: string) => {
      this.trash += size(this.flash.get(name) ?? "") - (this.flash.has(name) ? 0 : 32);
      this.flash.delete(name);
    };
    return {
      erase,
      list: (pattern = /./) => [...this.flash.keys()].filter((name) => pattern.test(name)),
      eraseAll: () => this.flash.clear(),
      compact: () => {
        this.trash = 0;
      },
      getStats: () => ({ totalBytes: total, freeBytes: total - used() - this.trash, trashBytes: this.trash }),
      read: (name: string, at = 0, length = Number.POSITIVE_INFINITY) =>
        this.flash.get(name)?.slice(at, at + length),
      write: (name: string, data: string, at: number, length: number) => {
        if (at === 0) erase(name);
        if (at === 0 && total - used() - this.trash < 32 + length)
          throw new Error("Unable to find or create file");
        this.flash.set(name, (this.flash.get(name) ?? "") + (this.traits.onWrite?.(name, data) ?? data));
        return true;
      },
    };
  }
}
