// A virtual ESP32 with Espruino: runs a built bundle in Node as the chip would, with a mocked radio and real sockets.
// Here is what outlives a reset: flash, radio, clock, the console's log. One boot is in boot.ts.
import { Air, type AirOptions } from "./air.ts";
import { Boot } from "./boot.ts";
import { fromText } from "./bytes.ts";
import { type Clock, RealClock } from "./clock.ts";
import type { Memory } from "./engine.ts";
import type { Victim } from "./faults.ts";
import { type Hardware, POWER_ON, type Restart } from "./hardware.ts";
import { Pins } from "./pins.ts";
import { BOOT_CODE, type Program } from "./program.ts";
import { entropy, Random } from "./random.ts";
import { Flash } from "./storage.ts";
import {
  bind,
  connect,
  type Destination,
  type Failure,
  type Link,
  type Listener,
  listen,
  type Sender,
} from "./tcp.ts";
import { LAST_RESORT_MS, Waits } from "./waits.ts";
import { newRadio, type Release } from "./wifi-driver.ts";

export interface BoardOptions {
  /** The program, as it would be saved to flash: its boot code, or its files. */
  code: string | Program;
  /** Files in flash: name -> text, stored as UTF-8. */
  files?: Record<string, string>;
  /** The result of `getSerial()`: 12 hex digits. */
  serial?: string;
  /** Called with each line of the console. */
  onLine?: (line: string) => void;
  /** Called when the program, the watchdog or the button ends a boot. */
  onEnd?: (end: End) => void;
  /** Called with the bytes of each `write` to a socket. */
  onWrite?: (bytes: string) => void;
  /** Called with each chunk of bytes that a socket of the board receives. */
  onRead?: (bytes: string) => void;
  /** The access point in reach. */
  wifi?: AirOptions;
  /** Bytes of Storage. */
  storage?: number;
  /** The numbers of `process.memory()` and `ESP32.getState()`. */
  memory?: Partial<Memory>;
  /** Seed of the random register. */
  entropy?: number;
  /** How long each TCP connect blocks before it begins, in ms. May change while the board runs. */
  blockConnectMs?: number;
  /** The chip whose pins it has, as in board/chips/<chip>.json; default ESP32. */
  chip?: string;
  /** The release of Espruino that it plays, where releases differ: its Wi-Fi driver. Default 2v29. */
  release?: Release;
  /** The time. Default: the PC's. */
  clock?: Clock;
  /** Connects in place of TCP; `online` says whether the radio carries data. Default: real sockets. */
  dial?: (to: Destination, onActivity: () => void, online: () => boolean) => Link | Failure;
}

/** Why a boot has ended, for {@link BoardOptions.onEnd}. */
export type End = "restarted" | "asleep";

export class VirtualBoard {
  /** All lines that the console printed, over all boots. */
  readonly lines: string[] = [];
  /** The flash: file name -> byte string. */
  readonly flash: Flash;
  /** The radio, which a test can disturb. */
  readonly wifi: Air;
  /** The pins, which a test can press and read. */
  readonly pins: Pins;
  /** Number of boots so far. */
  boots = 0;
  blockConnectMs: number;
  /** The ports of this machine on which the board listens, by its own, as "tcp 80". */
  readonly ports = new Map<string, number>();
  private readonly clock: Clock;
  private readonly entropy: () => number;
  private readonly waits = new Waits();
  private current: Boot | undefined;
  private radio = newRadio();

  constructor(private readonly options: BoardOptions) {
    this.clock = options.clock ?? new RealClock();
    this.blockConnectMs = options.blockConnectMs ?? 0;
    this.entropy = entropy(options.entropy ?? 1);
    this.wifi = new Air(options.wifi ?? {}, this.clock, () => this.current?.poke());
    this.pins = new Pins(options.chip);
    this.flash = new Flash(options.storage);
    this.flash.onCut = () => this.off();
    const program = typeof options.code === "string" ? { [BOOT_CODE]: options.code } : options.code;
    for (const [name, text] of Object.entries({ ...program, ...options.files }))
      this.flash.set(name, fromText(text));
  }

  /** Power on. */
  boot(): void {
    this.restart("reboot");
  }

  /** The reset button. */
  reboot(): void {
    this.restart("reboot");
  }

  /** Power off. No timer and no socket is left. May be called twice. */
  off(): void {
    this.current?.kill();
    this.current = undefined;
    this.wifi.own = undefined;
    this.wifi.leave();
    this.waits.check();
  }

  /** The network loses every connection. */
  cut(): void {
    this.current?.net.cut();
  }

  /** Makes the next handler of this kind run out of memory: the engine removes it. */
  starve(victim: Victim): void {
    this.current?.faults.starve(victim);
  }

  /** Whether nothing is left to do: no timer, no socket, no queued event, no pending event of the radio. */
  get idle(): boolean {
    return !this.wifi.busy && (this.current?.idle ?? true);
  }

  /** How many timers the program has, and how many sockets. */
  get load(): { timers: number; sockets: number } {
    return { timers: this.current?.timers.size ?? 0, sockets: this.current?.net.size ?? 0 };
  }

  /** The global object of the running program. */
  get global(): Record<string, unknown> {
    return this.current?.realm.global ?? {};
  }

  /**
   * Waits for a line that matches, among those printed already (from number `from` on) or to come. Rejects with the
   * whole log when the line does not come within `limitMs` ms of the PC's time, or when the board is off.
   */
  async untilLine(pattern: RegExp, from = 0, limitMs = LAST_RESORT_MS): Promise<string> {
    const find = () => this.lines.slice(from).find((line) => pattern.test(line));
    await this.until(() => find() !== undefined, `a line that matches ${pattern}`, limitMs);
    return find() as string;
  }

  /** Waits until the board is {@link idle}. Rejects like {@link untilLine}. */
  async untilIdle(limitMs = LAST_RESORT_MS): Promise<void> {
    await this.until(() => this.idle, "the board to be idle", limitMs);
  }

  /**
   * Waits until a condition is true, of the board or of anything else. Rejects like {@link untilLine}; its message
   * says `what` was waited for.
   */
  async until(condition: () => boolean, what = "a condition", limitMs = LAST_RESORT_MS): Promise<void> {
    const outcome = await this.waits.until(condition, limitMs, () => this.current !== undefined);
    if (outcome === "met") return;
    const log = this.lines.join("\n");
    throw new Error(
      `${outcome === "timeout" ? `Waited ${limitMs} ms` : "The board is off, waited"} for ${what}:\n${log}`,
    );
  }

  /** Whether the power is on. */
  get on(): boolean {
    return this.current !== undefined;
  }

  /** Whether the chip is in deep sleep. */
  get asleep(): boolean {
    return this.current?.asleep ?? false;
  }

  private restart(kind: Restart, cause = POWER_ON): void {
    if (this.current) this.options.onEnd?.("restarted");
    this.current?.kill();
    if (kind === "reboot") {
      this.wifi.leave();
      this.wifi.own = undefined;
      this.radio = newRadio();
      this.pins.reset();
    }
    this.boots++;
    this.flash.off = false;
    const boot = new Boot({
      ...this.hardware(),
      cause,
      // A reset does not power off the radio, but the program that knew of it is gone.
      restart: (next, why) => this.restart(next, why),
      sleep: () => {
        this.options.onEnd?.("asleep");
        this.wifi.leave();
      },
    });
    this.current = boot;
    if (kind === "reset") boot.poke();
    else boot.start();
  }

  private hardware(): Omit<Hardware, "restart" | "sleep" | "cause"> {
    const { clock, flash, pins, entropy, radio, options } = this;
    const serial = options.serial ?? "a4cf1200-0001";
    return {
      clock,
      flash,
      pins,
      entropy,
      serial,
      radio,
      release: options.release ?? "2v29",
      air: this.wifi,
      mac: serial.replace("-", "").replace(/..(?=.)/g, "$&:"),
      memory: { total: 5886, usage: 900, garbage: 780, heap: 28000, ...options.memory },
      random: new Random(),
      onLine: (line: string) => this.print(line),
      onWrite: options.onWrite ?? (() => {}),
      onRead: options.onRead ?? (() => {}),
      dial: (to: Destination) => this.dial(to),
      listen: (port: number, onLink: (link: Link) => void) => {
        const boot = this.current;
        return this.listening(
          `tcp ${port}`,
          listen(this.noted(`tcp ${port}`), onLink, () => boot?.poke()),
        );
      },
      bind: (port: number, onDatagram: (bytes: string, from: Sender) => void) =>
        this.listening(`udp ${port}`, bind(this.noted(`udp ${port}`), onDatagram)),
    };
  }

  private noted(name: string): (port: number) => void {
    return (port) => {
      this.ports.set(name, port);
      this.waits.check();
    };
  }

  private listening<L extends Listener>(name: string, listener: L): L {
    const close = () => {
      this.ports.delete(name);
      listener.close();
    };
    return { ...listener, close };
  }

  private dial(to: Destination): Link | Failure {
    const literal = /^\d+(\.\d+){3}$/.test(to.host) || to.host === "localhost";
    if (!this.wifi.linked) return literal ? { kind: "tcp", errno: 118 } : { kind: "dns" };
    if (this.blockConnectMs) this.clock.block(this.blockConnectMs);
    // The boot that made the link; the next boot must not be woken up for it.
    const boot = this.current;
    const onActivity = () => boot?.poke();
    const { dial } = this.options;
    return dial ? dial(to, onActivity, () => this.wifi.linked) : connect(to, onActivity);
  }

  private print(line: string): void {
    for (const part of line.split("\n")) {
      this.lines.push(part);
      this.options.onLine?.(part);
    }
    this.waits.check();
  }
}
