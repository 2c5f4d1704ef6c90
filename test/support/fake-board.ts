// A board in memory with the interface of src/board.ts. A test cranks its time, decides what Wi-Fi and socket do, and
// reads what the firmware asked them for.

import { crc32 } from "node:zlib";
import type { Board, Line, Network, Owner, Target } from "../../src/board";
import { type ClientFrame, parseClientFrame } from "../ws/server.ts";

/** The events of a connection, for a test to call. */
export interface FakeLine {
  data(bytes: string): void;
  drained(): void;
  closed(why: string): void;
}

/** The events of the Wi-Fi, for a test to call. */
export interface FakeRadio {
  joined(error: string): void;
  left(why: string): void;
}

export class FakeBoard implements Board {
  /** Milliseconds since boot. */
  ms = 0;
  /** The result of `chance`. */
  luck = 0.5;
  files: Record<string, string> = {};
  /** The serial console. */
  lines: string[] = [];
  seeds = 0;
  /** The result of `seed`. */
  entropy = 1;
  /** The firmware's tick, called once a second; undefined while it wants none. */
  second: (() => void) | undefined;
  /** Every attempt to join and to connect, the latest last. */
  joins: { network: Network; radio: FakeRadio; anew: number }[] = [];
  opens: { target: Target; line: FakeLine }[] = [];
  /** Bytes of every write, and the arguments of every `end`. */
  writes: string[] = [];
  ends: number[] = [];
  /** Called inside `joinWifi` and `open`, before they return. */
  onJoin: (radio: FakeRadio) => void = () => {};
  onOpen: (line: FakeLine) => void = () => {};
  acceptsHash: boolean | undefined = true;
  /** Whether the firmware has asked to be told when all is sent, and was not told yet. */
  asked = false;
  /** While set, written bytes wait in `unsent` until {@link drain}. */
  clogged = false;
  unsent = 0;
  /** The result of `writeFile`. While it is "", files are really written. */
  refusal = "";
  saves: string[] = [];
  restarts = 0;
  /** Every call of `watchdog`. */
  fed: number[] = [];
  /** Reports a fault of the engine. */
  fault: (what: string) => void = () => {};
  /** Whether there is a connection. A write without one throws, because the firmware is wrong. */
  connected = false;

  serial = () => "0102-0304";
  uptime = () => this.ms;
  chance = () => this.luck;
  accepted = () => this.acceptsHash;
  readFile = (name: string): string | undefined => this.files[name];
  seed = () => {
    this.seeds++;
    return this.entropy;
  };
  print = (line: string) => {
    this.lines.push(line);
  };
  parseJson = (json: string): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  };
  tick = (owner?: Owner) => {
    this.second = owner && (() => owner.onSecond(owner));
  };
  joinWifi = (network: Network, owner: Owner, attempt: number, anew: number) => {
    const radio: FakeRadio = {
      joined: (error) => owner.onJoined(owner, attempt, error),
      left: (why) => owner.onLeft(owner, why),
    };
    this.joins.push({ network, radio, anew });
    this.onJoin(radio);
  };
  open = (target: Target, to: Line) => {
    if (this.connected) throw new Error("one connection at a time");
    this.connected = true;
    const line: FakeLine = {
      data: (bytes) => (bytes ? to.onBytes(to, bytes) : to.onConnected(to)),
      drained: () => to.onDrained(to),
      closed: (why) => to.onLost(to, why),
    };
    this.opens.push({ target, line });
    this.onOpen(line);
  };
  writeBytes = (bytes: string) => {
    if (!this.connected) throw new Error("written to no connection");
    if (bytes) this.writes.push(bytes);
    else this.asked = true;
    if (this.clogged) this.unsent += bytes.length;
    return this.unsent;
  };
  hangUp = (now: number) => {
    this.connected = false;
    this.unsent = 0;
    this.ends.push(now);
  };
  writeFrame = (head: string, payload: string, key: number): number => {
    return this.writeBytes(maskFrame(head, payload, key));
  };
  maskFrame = maskFrame;

  crc32 = (bytes: string) => crc32(Buffer.from(bytes, "latin1"));
  writeFile = (name: string, bytes: string) => {
    this.saves.push(name);
    if (!this.refusal) {
      if (bytes) this.files[name] = bytes;
      else delete this.files[name];
    }
    return this.refusal;
  };
  restart = () => {
    this.restarts++;
  };
  watchdog = (periodS: number) => {
    this.fed.push(periodS);
  };
  faults = (owner: Owner) => {
    this.fault = (what) => owner.onFault(owner, what);
  };

  /** Sends all waiting bytes. */
  drain(): void {
    this.asked = false;
    this.clogged = false;
    this.unsent = 0;
    this.line.drained();
  }

  /** Lets seconds pass. */
  seconds(n: number): void {
    for (let i = 0; i < n; i++) {
      this.ms += 1000;
      this.second?.();
    }
  }

  /** The Wi-Fi and the connection of the latest attempt. */
  get radio(): FakeRadio {
    return this.joins.at(-1)!.radio;
  }
  get line(): FakeLine {
    return this.opens.at(-1)!.line;
  }

  /** The frames written since the last call, unmasked. Each must be one write. */
  sent(): ClientFrame[] {
    return this.writes.splice(0).map(parseClientFrame);
  }

  /** Log lines without their time, as `<level> <module> <text>`. */
  get log(): string[] {
    return this.lines.map((line) => line.replace(/^[0-9a-f]+ /, ""));
  }

  /** The serial console as one text. */
  get text(): string {
    return this.lines.join("\n");
  }
}

/** Masks a frame as Connection.writeFrame does: octet i of the payload is XORed with octet i modulo 4 of the key (RFC 6455 5.3). */
export function maskFrame(head: string, payload: string, key: number): string {
  if (!head.endsWith("\0\0\0\0")) throw new Error("no place for the key");
  const octet = (i: number) => (key >>> (8 * (i % 4))) & 255;
  // Masking turns the four zeros into the key.
  const masked = [..."\0\0\0\0", ...payload].map((c, i) => String.fromCharCode(c.charCodeAt(0) ^ octet(i)));
  return head.slice(0, -4) + masked.join("");
}
