// virtualBoard: a program on the virtual board, its clock cranked by the test.
import type { AirOptions } from "../board/virtual/air.ts";
import { type Destination, settled } from "../board/virtual/tcp.ts";
import { VirtualBoard } from "../board/virtual/virtual-board.ts";
import { LAST_RESORT_MS } from "../board/virtual/waits.ts";
import { describe, Finder } from "./awaited.ts";
import { Crank, LIMIT_MS, quiet } from "./crank.ts";
import { type Duration, inMs, inWords } from "./duration.ts";
import type { Awaited, Board, Message, Pin, Radio, Storage, VirtualOptions } from "./kit.ts";
import { dial, goalOf } from "./network.ts";
import { bytesOf, filesOf } from "./program-files.ts";
import { seedOf } from "./seed.ts";
import { running, type TestBroker } from "./test-broker.ts";
import { VirtualPin } from "./virtual-pin.ts";

/** Most ms of the board in one step: so that a broker can miss a board that does nothing. */
const LONGEST_STEP_MS = 1000;
/** Most ms in one step while a connection leads to a server that the kit does not know, and the PC's ms for it. */
const UNKNOWN_STEP_MS = 50;
const UNKNOWN_PAUSE_MS = 2;

/**
 * A board with this program. Its power comes on with the first `until` or `advance`, so that a test can prepare its pins and
 * start a broker. Its time passes there and nowhere else.
 */
export async function virtualBoard(options: VirtualOptions): Promise<Board> {
  const board = new VirtualTestBoard(options);
  await board.powerOn();
  return board;
}

class VirtualTestBoard implements Board {
  readonly kind = "virtual";
  readonly wifi: Radio;
  readonly storage: Storage;
  private readonly chip: VirtualBoard;
  private readonly crank: Crank;
  private readonly events: string[] = [];
  private readonly finder: Finder;
  private readonly seed: number;
  /** The brokers that it has connected to. */
  private readonly brokers = new Set<TestBroker>();
  private unknown = false;
  /** The power is to be switched on. */
  private due = false;

  constructor(private readonly options: VirtualOptions) {
    const files = filesOf(options);
    this.seed = seedOf(options.seed);
    this.crank = new Crank(
      () => this.pace(),
      () => this.stepMs(),
    );
    this.chip = new VirtualBoard({
      code: {},
      wifi: airOf(options.wifi),
      clock: this.crank.clock,
      entropy: this.seed,
      chip: options.chip,
      release: options.release,
      storage: options.storageBytes,
      serial: options.serial,
      onEnd: (end) => this.events.push(end === "restarted" && this.chip.asleep ? "awake" : end),
      dial: (to, onActivity, online) => this.dial(to, onActivity, online),
    });
    const { flash } = this.chip;
    const cut = flash.onCut;
    flash.onCut = () => {
      this.events.push("off");
      cut();
    };
    for (const [name, bytes] of Object.entries(files)) this.chip.flash.set(name, bytes);
    this.finder = new Finder(() => this.happened(), this);
    this.wifi = radioOf(this.chip);
    this.storage = storageOf(this.chip);
  }

  get lines(): readonly string[] {
    return this.chip.lines;
  }

  get boots(): number {
    return this.chip.boots;
  }

  get on(): boolean {
    return this.chip.on || this.due;
  }

  async until(what: Awaited, within?: Duration): Promise<never> {
    this.start();
    const limitMs = within ? inMs(within) : LIMIT_MS;
    const lastResort = Date.now() + LAST_RESORT_MS;
    let found: unknown;
    const look = () => {
      if (Date.now() > lastResort)
        throw new Error(
          `${inWords(LAST_RESORT_MS)} of the PC's time are over. Waited for ${describe(what)}:\n${log()}`,
        );
      found = this.finder.find(what);
      return found !== undefined;
    };
    const log = () => `${this.finder.report(what)}\n${this.state()}`;
    await this.crank.until(look, describe(what), log, limitMs);
    await this.pace();
    return found as never;
  }

  async advance(time: Duration): Promise<void> {
    const ms = inMs(time);
    this.start();
    await this.crank.pass(ms);
  }

  pin(name: string): Pin {
    return new VirtualPin(this.chip.pins, this.crank.clock, name);
  }

  async restart(): Promise<void> {
    this.start();
    this.chip.reboot();
  }

  async powerCut(at?: { atWrite: number }): Promise<void> {
    if (at) {
      this.chip.flash.untilCut = wholeFrom1("powerCut", at.atWrite);
      return;
    }
    this.due = false;
    this.chip.off();
    this.events.push("off");
  }

  async powerOn(): Promise<void> {
    if (!this.chip.on) this.due = true;
  }

  private start(): void {
    if (this.due) this.chip.boot();
    this.due = false;
  }

  outOfMemory(handler: "data" | "interval"): void {
    this.start();
    if (handler !== "data" && handler !== "interval")
      throw new TypeError(`outOfMemory: expected "data" or "interval", got ${handler}`);
    this.chip.starve(handler);
  }

  async off(): Promise<void> {
    this.due = false;
    this.chip.off();
  }

  private happened() {
    const broker = this.broker();
    const messages: Message[] = broker?.messages ?? [];
    return { lines: this.lines, events: this.events, logins: broker?.logins ?? [], messages };
  }

  /** The broker that it talks to, or would. */
  private broker(): TestBroker | undefined {
    return [...this.brokers].at(-1) ?? running.at(-1);
  }

  private state(): string {
    const state = !this.chip.on ? "off" : this.chip.asleep ? "in deep sleep" : "on";
    return `The board is ${state}, after ${inWords(this.crank.clock.now())}. BOARD_SEED=${this.seed}`;
  }

  private dial(to: Destination, onActivity: () => void, online: () => boolean) {
    const goal = goalOf(to.host, to.port, this.options.hosts);
    if (goal && "broker" in goal) this.brokers.add(goal.broker);
    else if (goal) this.unknown = true;
    return dial(to, goal, { onActivity, online, now: () => this.crank.clock.now(), owner: this });
  }

  private async pace(): Promise<void> {
    for (const broker of this.brokers) {
      broker.tick();
      await broker.pace();
    }
    if (this.unknown) {
      await settled();
      await new Promise((done) => setTimeout(done, UNKNOWN_PAUSE_MS));
      await settled();
    }
    if (this.brokers.size === 0) await quiet(() => this.lines.length);
  }

  private stepMs(): number {
    const { clock } = this.crank;
    const most = [...this.brokers].map(({ stepMs }) => stepMs);
    if (this.unknown) most.push(UNKNOWN_STEP_MS);
    return Math.min(LONGEST_STEP_MS, Math.max(0, clock.next - clock.now()), ...most);
  }
}

function airOf(wifi: VirtualOptions["wifi"]): AirOptions {
  return typeof wifi === "string" ? { ssid: wifi } : (wifi ?? {});
}

function radioOf({ wifi }: VirtualBoard): Radio {
  return {
    drop: () => wifi.vanish(),
    comeBack: () => wifi.comeBack(),
    kick: (reason) => wifi.drop(reason),
    refuse: (reason) => wifi.refuse(reason),
    beSilent: () => {
      wifi.silent = true;
    },
    get joined() {
      return wifi.linked;
    },
  };
}

/** Bytes of a file's header. */
const HEADER = 32;

function storageOf({ flash }: VirtualBoard): Storage {
  const bytes = (name: string) => {
    const file = flash.get(name);
    return file === undefined ? undefined : Buffer.from(file, "latin1");
  };
  return {
    bytes,
    read: (name) => bytes(name)?.toString(),
    write: (name, content) => void flash.set(name, bytesOf(content)),
    erase: (name) => void flash.delete(name),
    names: () => [...flash.keys()],
    get free() {
      return flash.free;
    },
    fill(free = 0) {
      const size = flash.free - free - HEADER;
      if (size > 0) flash.set("filled", "\xff".repeat(size));
    },
  };
}

function wholeFrom1(call: string, n: number): number {
  if (!Number.isInteger(n) || n < 1)
    throw new TypeError(`${call}: expected a whole number from 1 on, got ${n}`);
  return n;
}
