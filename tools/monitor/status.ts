// The text of the monitor's bottom line: rung of the ladder, uptime, reconnects, free memory, messages. All of it is
// taken from the log, except the memory.

import type { Entry } from "./log-line.ts";

/** The firmware's line when it reaches a rung. */
const RUNGS: [pattern: RegExp, rung: string][] = [
  [/^wifi Joining /, "JOINING"],
  [/^ws Connecting to /, "OPENING"],
  [/^link Connected to WS/, "LOGIN"],
  [/^mqtt CONNECTED to /, "UP"],
  [/^link DOWN: /, "DOWN"],
  [/^link DONE/, "DONE"],
];

export class Status {
  private rung = "?";
  private connects = 0;
  private incoming = 0;
  private outgoing = 0;
  /** Free JsVars in the board's last answer. */
  free: number | undefined;
  private bootedAt: number | undefined;
  private lastMs = 0;
  attached = true;

  /** Takes an entry; returns true if it shows that the board has restarted. */
  take({ log, time }: Entry): boolean {
    if (!log) return false;
    const restarted = this.bootedAt !== undefined && log.ms < this.lastMs;
    if (restarted) this.restart();
    this.lastMs = log.ms;
    this.bootedAt = time.getTime() - log.ms;
    const words = `${log.module} ${log.text}`;
    const rung = RUNGS.find(([pattern]) => pattern.test(words))?.[1];
    if (rung) this.rung = rung;
    if (rung === "UP") this.connects++;
    if (log.text.startsWith("RECEIVED ")) this.incoming++;
    if (log.text.startsWith("PUBLISHED ")) this.outgoing++;
    return restarted;
  }

  /** Forgets the last boot. */
  restart(): void {
    this.rung = "?";
    this.connects = this.incoming = this.outgoing = 0;
    this.free = this.bootedAt = undefined;
  }

  text(now: Date): string {
    if (!this.attached) return "[unplugged]";
    const up = this.bootedAt === undefined ? "?" : duration(now.getTime() - this.bootedAt);
    const reconnects = Math.max(0, this.connects - 1);
    return `[${this.rung} | up ${up} | reconnects ${reconnects} | free ${this.free ?? "?"} | in ${this.incoming} out ${this.outgoing}]`;
  }
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
