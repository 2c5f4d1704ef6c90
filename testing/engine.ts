// realEngine: a program on a Linux build of Espruino, by the same interface as the virtual board. Its time is yours, and it
// has no radio and no pins.
import { existsSync } from "node:fs";
import { BOOT_CODE } from "../board/virtual/program.ts";
import { LAST_RESORT_MS, Waits } from "../board/virtual/waits.ts";
import { describe, Finder } from "./awaited.ts";
import { type Duration, inMs, inWords } from "./duration.ts";
import { ImpossibleHere } from "./impossible.ts";
import type { Awaited, Board, EngineOptions, Pin, Radio, Storage } from "./kit.ts";
import { LinuxEngine } from "./linux-engine.ts";
import { bytesOf, filesOf } from "./program-files.ts";
import { running, type TestBroker } from "./test-broker.ts";

/** The longest wait unless a test says otherwise, in ms. */
const LIMIT_MS = 60_000;
/** The file that says where addresses lead. */
const HOSTS = "kit.hosts";
/** Runs before the program: connections lead where the test says. */
const REDIRECT = `(function () {
  var hosts = require("Storage").readJSON("${HOSTS}"), net = require("net"), connect = net.connect;
  net.connect = function (o, f) {
    var near = o.host === "127.0.0.1" || o.host === "localhost";
    var to = hosts.table[o.host + ":" + o.port] || hosts.table[o.host] || (near ? "" : hosts.others);
    var at = to.split(":"), copy = Object.assign({}, o);
    if (to) copy.host = at[0];
    if (at[1]) copy.port = +at[1];
    return connect(copy, f);
  };
})();
`;

/**
 * A board that is a Linux build of Espruino, its power on.
 * @throws ImpossibleHere where there is no such binary
 */
export async function realEngine(options: EngineOptions): Promise<Board> {
  if (!options.path || !existsSync(options.path))
    throw new ImpossibleHere("realEngine", `path: there is no Espruino at ${options.path || "(none given)"}`);
  const board = new EngineTestBoard(options);
  await board.powerOn();
  return board;
}

class EngineTestBoard implements Board {
  readonly kind = "engine";
  readonly wifi: Radio = radio();
  readonly storage: Storage;
  boots = 0;
  /** The power is to be switched on. */
  private due = false;
  private readonly engine: LinuxEngine;
  private readonly events: string[] = [];
  private readonly finder = new Finder(() => this.happened(), this);

  constructor(private readonly options: EngineOptions) {
    const files = filesOf(options);
    files[BOOT_CODE] = REDIRECT + files[BOOT_CODE];
    this.engine = new LinuxEngine(
      { path: options.path, modules: options.modulesFolder },
      files,
      Object.keys(options.modules ?? {}),
    );
    this.storage = storageOf(this.engine);
  }

  get lines(): readonly string[] {
    return this.engine.lines;
  }

  get on(): boolean {
    return this.engine.on || this.due;
  }

  async until(what: Awaited, within?: Duration): Promise<never> {
    if (this.due) this.boot();
    const limitMs = Math.min(within ? inMs(within) : LIMIT_MS, LAST_RESORT_MS);
    let found: unknown;
    const look = () => {
      found = this.finder.find(what);
      return found !== undefined;
    };
    const outcome = await new Waits().until(look, limitMs);
    if (outcome === "met") return found as never;
    throw new Error(
      `The engine ran for ${inWords(limitMs)}. Waited for ${describe(what)}:\n${this.finder.report(what)}`,
    );
  }

  async advance(_time: Duration): Promise<void> {
    throw cannot("advance", "the time of a real engine is yours, it cannot be cranked");
  }

  pin(name: string): Pin {
    throw cannot(`pin("${name}")`, "a Linux build of Espruino has no pins");
  }

  async restart(): Promise<void> {
    if (this.due) this.boot();
    await this.engine.kill();
    this.boot();
    this.events.push("restarted");
  }

  async powerCut(at?: { atWrite: number }): Promise<void> {
    if (at) throw cannot("powerCut", "a real engine cannot be stopped in the middle of a write");
    this.due = false;
    await this.engine.kill();
    this.events.push("off");
  }

  /** The engine starts with the first wait: its time does not stand still, and a broker may come first. */
  async powerOn(): Promise<void> {
    if (!this.on) this.due = true;
  }

  outOfMemory(_handler: "data" | "interval"): void {
    throw cannot("outOfMemory", "the memory of a real engine does not run out at will");
  }

  off(): Promise<void> {
    return this.engine.off();
  }

  private boot(): void {
    this.engine.store({ [HOSTS]: this.addresses() });
    this.boots++;
    this.engine.boot();
    this.due = false;
  }

  private happened() {
    const broker = running.at(-1);
    const messages = broker?.messages ?? [];
    return { lines: this.lines, events: this.events, logins: broker?.logins ?? [], messages };
  }

  /** Where addresses lead: read by {@link REDIRECT}, so that a broker may be started after the board was made. */
  private addresses(): string {
    const table: Record<string, string> = {};
    for (const [address, to] of Object.entries(this.options.hosts ?? {}))
      table[address] = typeof to === "string" ? to : hostOf(to as TestBroker);
    const broker = running.at(-1);
    return JSON.stringify({ table, others: broker ? hostOf(broker) : "" });
  }
}

function hostOf({ ports }: TestBroker): string {
  return `127.0.0.1:${ports[0]}`;
}

function cannot(call: string, why: string): ImpossibleHere {
  return new ImpossibleHere(`board.${call}`, why);
}

function radio(): Radio {
  const no = (call: string) => () => {
    throw cannot(`wifi.${call}`, "a Linux build of Espruino has no radio");
  };
  return {
    drop: no("drop"),
    comeBack: no("comeBack"),
    kick: no("kick"),
    refuse: no("refuse"),
    beSilent: no("beSilent"),
    joined: true,
  };
}

/** Its Storage, by the engine itself: while the power is off. */
function storageOf(engine: LinuxEngine): Storage {
  const ask = (call: string, code: string): string => {
    if (engine.on)
      throw cannot(`storage.${call}`, "a running engine keeps its Storage to itself; cut its power first");
    return (
      /=([^=]*)=/.exec(engine.run(`var S=require("Storage");print("="+(${code})+"=");quit();`))?.[1] ?? ""
    );
  };
  const bytes = (name: string) => {
    const at = JSON.stringify(name);
    const hex = ask(
      "read",
      `S.read(${at})===undefined?"":E.toUint8Array(S.read(${at})).map(x=>x).join(",")+","`,
    );
    return hex === "" ? undefined : Buffer.from(hex.split(",").slice(0, -1).map(Number));
  };
  return {
    bytes,
    read: (name) => bytes(name)?.toString(),
    write(name, content) {
      ask("write", '""');
      engine.store({ [name]: bytesOf(content) });
    },
    erase: (name) => void ask("erase", `S.erase(${JSON.stringify(name)})`),
    names: () => ask("names", 'S.list().join(",")').split(",").filter(Boolean),
    get free() {
      return Number(ask("free", "S.getFree()"));
    },
    fill() {
      throw cannot("storage.fill", "the Storage of a real engine is filled by its program only");
    },
  };
}
