// The interfaces of the test kit: what a test can ask of a board and of a broker, whichever they are.
import type { AirOptions } from "../board/virtual/air.ts";
import type { Release } from "../board/virtual/wifi-driver.ts";
import type { Reason } from "../board/virtual/wifi-reasons.ts";
import type { Answer, Answered } from "./answers.ts";
import type { Duration } from "./duration.ts";

export type { AirOptions, Reason, Release };

/** A message that was published at a broker, a will included. */
export interface Message {
  topic: string;
  /** As text in UTF-8. */
  payload: string;
  /** As it came. */
  bytes: Buffer;
  qos: number;
  retain: boolean;
}

/**
 * Names of events: the broker has accepted a client (`connected`), or its connection has ended there (`disconnected`); the
 * board was restarted, has gone to deep sleep, has woken up, or has lost its power (`restarted`, `asleep`, `awake`, `off`).
 */
export const EVENTS = ["connected", "disconnected", "restarted", "asleep", "awake", "off"] as const;
export type EventName = (typeof EVENTS)[number];

/**
 * What a test waits for: the name of an event; any other text is a whole line of the console; a regular expression matches
 * a part of a line; a topic is a message at the broker, with + and #; a function is a condition of your own.
 */
export type Awaited =
  | EventName
  | (string & {})
  | RegExp
  | { topic: string; payload?: string | RegExp }
  | (() => unknown);

export interface ProgramOptions {
  /** The file with the program: JavaScript as you would save it to flash, or a bundle of an application from dist/. */
  program?: string;
  /** The program as text, in place of a file. */
  code?: string;
  /**
   * Modules in Storage by the names that `require` gets. For `mqtt-ws` the build: "lean", "v5-lean", "tiny-lean", "stock",
   * "v5", "tiny". For others, and builds of your own, a path that ends in .js.
   */
  modules?: { [name: string]: string };
  /** Written to Storage as config.json. */
  config?: object;
  /** Further files of Storage, as text in UTF-8 or as bytes. */
  files?: { [name: string]: string | Uint8Array };
  /**
   * Where addresses lead, by `host:port` or `host`: to a broker of the kit, or to another `host:port`. Every other address
   * leads to the broker that was started last; without one, to nothing.
   */
  hosts?: { [address: string]: Broker | string };
}

export interface VirtualOptions extends ProgramOptions {
  /** The access point in reach: its name, or more about it. Left out: it answers to any name. */
  wifi?: string | AirOptions;
  /** Everything random comes from this number, 1..4294967295. Default: BOARD_SEED, else 1. */
  seed?: number;
  /** ESP32 (default), ESP32C3, ESP32S3. */
  chip?: string;
  /** The Espruino that it plays, whose Wi-Fi differs: 2v27, 2v29 (default), next. */
  release?: Release;
  /** Bytes of Storage, default 917504. */
  storageBytes?: number;
  /** The result of `getSerial()`. */
  serial?: string;
}

export interface EngineOptions extends ProgramOptions {
  /** The engine's binary. */
  path: string;
  /** The folder with Espruino's modules, for builds of `mqtt-ws` that need its `ws`. */
  modulesFolder?: string;
  /** Ignored: a Linux build has no radio. Its Wi-Fi module joins everything. */
  wifi?: string | AirOptions;
}

/** A board that runs a program. A board of one kind throws {@link ImpossibleHere} for what only the other kind can do. */
export interface Board {
  /** `virtual` or `engine`. */
  readonly kind: "virtual" | "engine";
  /** Lines of the console so far, over all restarts. */
  readonly lines: readonly string[];
  /** Power-ons, restarts and wake-ups so far. */
  readonly boots: number;
  /** Whether the power is on. */
  readonly on: boolean;
  readonly wifi: Radio;
  readonly storage: Storage;

  /**
   * Lets time pass until something has happened; returns the line, the message, the event's name, or what your function
   * returned. It looks back, too, and each line, event and message counts once: the second `until("connected")` waits for
   * the second connection. Rejects after `within`, default ten minutes (a real engine: one), with the last lines of
   * the console and the messages.
   */
  until(what: { topic: string; payload?: string | RegExp }, within?: Duration): Promise<Message>;
  until<T>(what: () => T, within?: Duration): Promise<T>;
  until(what: string | RegExp, within?: Duration): Promise<string>;

  /** Lets so much of the board's time pass, in a moment of yours. */
  advance(time: Duration): Promise<void>;

  /** A pin by its name, D4. */
  pin(name: string): Pin;

  /** The reset button. */
  restart(): Promise<void>;
  /**
   * The power fails, now or in the middle of the n-th write to Storage from now on. The broker hears nothing of it: it
   * misses the board when 1.5 times its keep alive are over.
   */
  powerCut(at?: { atWrite: number }): Promise<void>;
  /** The power comes back. */
  powerOn(): Promise<void>;
  /** Memory runs out in the next handler of this kind: the engine removes it, and reports its error flags. */
  outOfMemory(handler: "data" | "interval"): void;
  /** Ends the board. Nothing of it is left. */
  off(): Promise<void>;
}

/** The radio link. */
export interface Radio {
  /** The access point is gone until {@link comeBack}. */
  drop(): void;
  /** The access point is there again, and answers as it should. */
  comeBack(): void;
  /** The association ends once; the board may join again at once. */
  kick(reason?: Reason): void;
  /** Each attempt to join fails with this reason, until {@link comeBack}. */
  refuse(reason: Reason): void;
  /** Attempts to join get no answer at all, until {@link comeBack}. */
  beSilent(): void;
  /** Whether the board has an address. */
  readonly joined: boolean;
}

/** A pin as the world outside sees it. */
export interface Pin {
  /** A button: the level that it does not have now, for so many ms of the board's time, which passes while you wait. */
  press(ms: number): void;
  /** Puts a level (0, 1) on it, or a share of the highest voltage, 0..1. */
  set(share: number): void;
  /** Puts nothing on it any more. */
  release(): void;
  /** The level that the program reads or puts out. */
  readonly level: 0 | 1;
  /** What the program puts out: a level, the share of PWM 0..1, or undefined. */
  readonly output: number | undefined;
  /** Of PWM, in Hz; 0 = none. */
  readonly hz: number;
  /** As `pinMode` names it. */
  readonly mode: string;
}

/** The files in flash, which outlive restarts. */
export interface Storage {
  /** A file as text in UTF-8; undefined without one. */
  read(name: string): string | undefined;
  /** The same as bytes. */
  bytes(name: string): Buffer | undefined;
  /** Writes a file, as an upload would. */
  write(name: string, content: string | Uint8Array): void;
  erase(name: string): void;
  names(): string[];
  /** Bytes behind the last file. */
  readonly free: number;
  /** Fills it up, so that only so many bytes are free, default none. */
  fill(free?: number): void;
}

export interface BrokerOptions {
  /** An own mosquitto in place of the broker in this process: it speaks MQTT 5, too. It must be installed. */
  mosquitto?: boolean;
  /** Further lines of mosquitto's configuration. */
  lines?: string[];
  /** Accept only this user with this password (the embedded broker). */
  user?: string;
  password?: string;
}

/** A broker for tests, on 127.0.0.1. One kind throws {@link ImpossibleHere} for what only the other kind can do. */
export interface Broker {
  readonly kind: "embedded" | "mosquitto";
  /** `ws://127.0.0.1:port/mqtt` */
  readonly url: string;
  /** The port of 127.0.0.1 for MQTT over TCP. */
  readonly tcpPort: number;
  /** The messages so far whose topic matches, wills included; those that the test published, too. */
  inbox(filter: string): Message[];
  /** Publishes as another client does. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: { qos?: 0 | 1 | 2; retain?: boolean },
  ): Promise<void>;
  /** Takes no connections any more, and ends all; the embedded one remembers sessions and retained messages. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Ends all connections, once. */
  cut(): void;
  /**
   * A wrong answer to the next packet of this kind from a board: a packet in its place (`{ returnCode: 5 }`), bytes,
   * "nothing", or "close", which ends the connection. The broker itself does not see that packet.
   */
  answer(packet: Answered, answer: Answer, times?: number): void;
  /** The next upgrade requests get this HTTP status instead of a connection. */
  refuse(status: number, times?: number): void;
  /** Sends bytes to all boards, whatever they mean. */
  say(bytes: Uint8Array): void;
  /** Ends it. */
  stop(): Promise<void>;
}
