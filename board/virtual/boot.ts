// One boot of a virtual board, from power-on to reset: its JavaScript world and the idle loop that drives it, in the
// engine's order: timers, sockets, queued events, then the report of an uncaught exception.

import { Serial, uncaught } from "./console.ts";
import { Dgram } from "./dgram.ts";
import { addGlobals } from "./engine.ts";
import { Events } from "./events.ts";
import { Faults } from "./faults.ts";
import { type Hardware, PROGRAM, type Restart, WATCHDOG } from "./hardware.ts";
import { adaptLanguage } from "./language.ts";
import { addRequire, cryptoModule } from "./modules.ts";
import { Net } from "./net.ts";
import { PinFunctions } from "./pin-functions.ts";
import { type Obj, Realm } from "./realm.ts";
import { SharedStrings } from "./shared-strings.ts";
import { storageModule } from "./storage.ts";
import { Timers } from "./timers.ts";
import { Watchdog } from "./watchdog.ts";
import { wifiModule } from "./wifi.ts";
import { ACCESS_POINT } from "./wifi-driver.ts";
import { wsModule } from "./ws-module.ts";

/** Thrown to leave the firmware when the chip restarts under it. */
const REBOOTING = Symbol("rebooting");
/** Seconds that a chip has been on before it runs a program. */
const START_S = 0.3;

export class Boot {
  readonly realm = new Realm();
  readonly events = new Events(this.realm);
  readonly faults = new Faults();
  readonly timers: Timers;
  readonly net: Net;
  private readonly dgram: Dgram;
  private readonly pins: PinFunctions;
  private readonly strings = new SharedStrings(this.realm);
  private readonly console: Serial;
  private readonly watchdog: Watchdog;
  private readonly require: (name: string) => unknown;
  private epoch: number;
  private wanted: Restart | undefined;
  /** How long the chip sleeps before the restart, in ms. */
  private sleepMs = 0;
  private turn: NodeJS.Immediate | undefined;
  private cancelAlarm: (() => void) | undefined;
  private dead = false;

  constructor(private readonly hardware: Hardware) {
    const { realm, events } = this;
    const { clock } = hardware;
    this.epoch = START_S - clock.now() / 1000;
    this.console = new Serial(hardware.onLine);
    this.watchdog = new Watchdog(clock, () => this.end("reboot", WATCHDOG));
    this.timers = new Timers(clock, events, realm, this.faults);
    this.net = new Net({
      ...hardware,
      realm,
      events,
      faults: this.faults,
      strings: this.strings,
      online: () => hardware.air.linked,
      accessPoint: () => (hardware.radio.mode & ACCESS_POINT) !== 0,
      print: (line) => this.console.print(line),
    });
    this.dgram = new Dgram({ ...hardware, realm, events, poke: () => this.poke() });
    this.pins = new PinFunctions({
      realm,
      events,
      clock,
      pins: hardware.pins,
      time: () => this.time(),
      poke: () => this.poke(),
    });
    this.addLanguage();
    this.require = this.addModules();
  }

  /** Runs the saved program, as the engine does after a reset, and starts the idle loop. */
  start(): void {
    const code = this.hardware.flash.get(".bootcde");
    this.require("Wifi");
    if (code !== undefined) this.attempt(() => this.realm.run(code, ".bootcde"));
    this.events.now(this.realm.global.E as Obj, "init");
    if (typeof this.realm.global.onInit === "function")
      this.events.call(undefined, this.realm.global.onInit, []);
    this.report();
    this.poke();
  }

  /** Something happened outside (bytes, the radio): wake up the idle loop. */
  poke(): void {
    if (this.dead || this.turn) return;
    this.turn = setImmediate(() => {
      this.turn = undefined;
      this.loop();
    });
  }

  /** Whether nothing can make the program run again: no timer, socket, queued event or turn. */
  get idle(): boolean {
    return (
      !this.turn &&
      !this.events.pending &&
      this.timers.size === 0 &&
      this.net.size === 0 &&
      this.dgram.size === 0 &&
      !this.pins.pending
    );
  }

  /** Whether this boot has ended in deep sleep. */
  get asleep(): boolean {
    return this.dead && this.cancelAlarm !== undefined && this.sleepMs > 0;
  }

  /** Ends this boot: closes sockets silently, stops timers; the program never runs again. */
  kill(): void {
    this.dead = true;
    if (this.turn) clearImmediate(this.turn);
    this.cancelAlarm?.();
    this.watchdog.stop();
    this.timers.stop();
    this.pins.stop();
    this.events.clear();
    this.net.kill();
    this.dgram.kill();
    this.turn = undefined;
  }

  private addLanguage(): void {
    const { realm, hardware, watchdog, strings } = this;
    adaptLanguage({ realm, random: hardware.random, timeMs: () => Math.floor(this.time() * 1000) });
    addGlobals({
      ...hardware,
      realm,
      watchdog,
      strings,
      faults: this.faults,
      print: (...values) => this.console.print(...values),
      getTime: () => this.time(),
      setTime: (seconds) => {
        this.epoch = seconds - hardware.clock.now() / 1000;
      },
      restart: (kind) => this.askRestart(kind),
      sleep: (ms) => {
        this.sleepMs = ms;
        this.askRestart("reboot");
      },
    });
  }

  private addModules(): (name: string) => unknown {
    const { realm, events, hardware } = this;
    const print = (line: string) => this.console.print(line);
    const wifi = wifiModule({ realm, events, ...hardware });
    const makers = {
      Wifi: () => wifi.module,
      net: () => this.net.module,
      dgram: () => this.dgram.module,
      tls: () => this.net.tls,
      ws: () => wsModule({ realm, events, print, require: (name) => this.require(name) }),
      crypto: () => cryptoModule(realm),
      Storage: () => storageModule(realm, hardware.flash),
    };
    return addRequire(realm, makers, (name) => hardware.flash.get(name));
  }

  private time(): number {
    return this.epoch + this.hardware.clock.now() / 1000;
  }

  private loop(): void {
    this.cancelAlarm?.();
    this.watchdog.turnBegins();
    const timers = this.timers.run();
    const sockets = !this.wanted && this.net.idle();
    const events = !this.wanted && this.events.run();
    this.report();
    this.watchdog.turnEnds();
    if (this.dead) return;
    const { due } = this.timers;
    if (this.wanted) this.end(this.wanted);
    else if (timers || sockets || events) this.poke();
    else if (due !== Number.POSITIVE_INFINITY)
      this.cancelAlarm = this.hardware.clock.wake(due, () => this.poke());
  }

  private attempt(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.events.uncaught = { value: error };
    }
  }

  /** The end of a turn: forgets shared strings, reports an uncaught exception and new error flags. */
  private report(): void {
    this.strings.clear();
    this.reportUncaught();
    this.reportFaults();
  }

  /** Reports the last uncaught exception to the program's handler, or on the console if there is none. */
  private reportUncaught(): void {
    let error = this.events.uncaught;
    this.events.uncaught = undefined;
    if (!error || error.value === REBOOTING) return;
    if (this.events.now(this.realm.global.process as Obj, "uncaughtException", error.value)) {
      error = this.events.uncaught;
      this.events.uncaught = undefined;
    }
    if (error) this.hardware.onLine(uncaught(error.value));
  }

  /** Reports new error flags: to the program first, then on the console. */
  private reportFaults(): void {
    const { news } = this.faults;
    if (news.length > 0) {
      this.events.now(this.realm.global.E as Obj, "errorFlag", this.realm.array(news));
      this.console.print(`New interpreter error: ${news}`);
    }
    this.faults.tell();
  }

  private askRestart(kind: Restart): void {
    this.wanted = kind;
    this.poke();
    if (kind === "reboot") throw REBOOTING;
  }

  private end(kind: Restart, cause = PROGRAM): void {
    if (this.dead) return;
    this.kill();
    const { clock, restart, sleep } = this.hardware;
    if (!this.sleepMs) {
      restart(kind, cause);
      return;
    }
    sleep();
    this.cancelAlarm = clock.wake(clock.now() + this.sleepMs, () => restart(kind, cause));
  }
}
