// One connection through the proxy, from the board to the broker, with its planned trouble. Works on bytes only.
import type { Socket } from "node:net";
import { after, type Clock } from "../../board/virtual/clock.ts";
import type { End, Trouble } from "./plan.ts";
import { Way } from "./way.ts";

/** Ends that leave a dead line: those of the radio, and silence. */
const DEAD = ["silence", "drop", "vanish", "refuse", "mute"];

export class Passage {
  private left: number;
  /** The planned end has begun; no more bytes are taken. */
  private over = false;
  private ending = false;
  private readonly ways: Way[];
  private readonly cancels = new Set<() => void>();

  /**
   * @param clock the board's time
   * @param ended is called once when the planned end begins
   */
  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    private readonly trouble: Trouble,
    private readonly clock: Clock,
    private readonly ended: (end: End) => void,
  ) {
    const { manner, end, seed } = trouble;
    const wait = (ms: number) => new Promise<void>((done) => this.after(ms, done));
    const up = new Way(manner, seed, false, wait, (bytes) => far.write(bytes));
    const down = new Way(manner, seed + 1, true, wait, (bytes) => near.write(bytes));
    this.ways = [up, down];
    this.left = end?.after ?? Number.POSITIVE_INFINITY;
    if (end) this.after(end.withinMs, () => this.finish());
    this.pump(near, far, up);
    this.pump(far, near, down);
  }

  /** Ends both sides at once. */
  destroy(): void {
    this.over = true;
    for (const way of this.ways) way.stop();
    for (const cancel of this.cancels) cancel();
    this.near.destroy();
    this.far.destroy();
  }

  private pump(from: Socket, to: Socket, way: Way): void {
    from.on("data", (chunk: Buffer) => {
      if (this.over) return;
      // A broker that restarts ends the connection by itself; until then all bytes must pass.
      const passed = this.trouble.end?.kind === "restart" ? chunk : chunk.subarray(0, this.left);
      this.left -= passed.length;
      way.push(passed);
      if (this.left <= 0) this.finish();
    });
    from.on("end", () => way.empty.then(() => this.over || to.end()));
    from.on("close", () => way.empty.then(() => this.over || this.destroy()));
  }

  /** The planned end, at exactly the planned byte. */
  private finish(): void {
    const { end } = this.trouble;
    if (this.over || this.ending || !end) return;
    this.ending = true;
    if (DEAD.includes(end.kind)) this.mute(end.ms);
    else if (end.kind === "cut") this.cut();
    else {
      if (end.kind === "reset") this.near.resetAndDestroy();
      // A restarting broker ends the connections by itself.
      if (end.kind !== "restart") this.destroy();
    }
    this.ended(end);
  }

  /** Closes after the last byte that passed. */
  private cut(): void {
    this.over = true;
    Promise.all(this.ways.map((way) => way.empty)).then(() => {
      this.near.destroySoon();
      this.far.destroySoon();
    });
  }

  /** Passes no more bytes in either direction; closes later. */
  private mute(ms: number): void {
    this.over = true;
    for (const way of this.ways) way.stop();
    this.near.pause();
    this.far.pause();
    // Late enough that the board notices the silence by itself.
    this.after(60_000 + ms, () => this.destroy());
  }

  private after(ms: number, action: () => void): void {
    const cancel = after(this.clock, ms, () => {
      this.cancels.delete(cancel);
      action();
    });
    this.cancels.add(cancel);
  }
}
