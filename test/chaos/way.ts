// One direction of a connection: takes bytes and delivers them late, in pieces, or unchanged, always in order.
import { type Random, randomOf } from "../support/random.ts";
import type { Manner } from "./plan.ts";

/** Pieces that leave between two turns of the event loop. */
const PIECES_A_TURN = 4;

export class Way {
  private readonly random: Random;
  private queue = Promise.resolve();
  private first = true;
  private over = false;

  /**
   * @param late whether this is the direction of a slow server's first answer
   * @param wait waits for a number of ms of the board
   */
  constructor(
    private readonly manner: Manner,
    seed: number,
    private readonly late: boolean,
    private readonly wait: (ms: number) => Promise<void>,
    private readonly deliver: (bytes: Buffer) => void,
  ) {
    this.random = randomOf(seed);
  }

  push(bytes: Buffer): void {
    this.queue = this.queue.then(() => this.carry(bytes));
  }

  /** Resolves when all pushed bytes are delivered. */
  get empty(): Promise<void> {
    return this.queue;
  }

  /** Stops delivery. */
  stop(): void {
    this.over = true;
  }

  private async carry(bytes: Buffer): Promise<void> {
    const { manner, random } = this;
    const first = this.first;
    this.first = false;
    if (manner.kind === "latency") await this.wait(random.below(manner.ms));
    if (manner.kind === "split") return this.pieces(bytes, manner.most);
    if (manner.kind === "slow" && this.late && first) {
      await this.wait(manner.ms);
      return this.pieces(bytes, 1);
    }
    this.hand(bytes);
  }

  private async pieces(bytes: Buffer, most: number): Promise<void> {
    let pieces = 0;
    for (let at = 0; at < bytes.length && !this.over; ) {
      const size = 1 + this.random.below(most);
      this.hand(bytes.subarray(at, at + size));
      at += size;
      if (++pieces % PIECES_A_TURN === 0) await new Promise((done) => setImmediate(done));
    }
  }

  private hand(bytes: Buffer): void {
    if (!this.over) this.deliver(bytes);
  }
}
