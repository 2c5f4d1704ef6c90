// The plan of a storm as data: one entry for each connection through the proxy, decided by a seed. So a run can be
// planned, printed and repeated.
import { type Random, randomOf } from "../support/random.ts";

/** How the bytes of a connection travel. Times are the board's, in ms. */
export type Manner =
  | { kind: "plain" }
  /** Each chunk is late by up to `ms`. */
  | { kind: "latency"; ms: number }
  /** In pieces of 1..`most` bytes. */
  | { kind: "split"; most: number }
  /** The server's first answer is late by `ms`, then comes byte by byte. */
  | { kind: "slow"; ms: number };

/**
 * How a connection ends, once `after` bytes have passed in both directions together, or after `withinMs` ms. The
 * trouble lasts for `ms`.
 */
export interface End {
  kind: (typeof ENDS)[number];
  after: number;
  withinMs: number;
  ms: number;
}

const MANNERS = ["plain", "latency", "split", "slow"] as const;
const ENDS = [
  "cut", // an orderly close, in the middle of any packet
  "reset", // RST; bytes on their way are lost
  "silence", // half open: no more bytes pass; closed after `ms`
  "refusal", // connections are refused for `ms`
  "restart", // the broker restarts
  "drop", // the Wi-Fi is lost and can be joined again at once
  "vanish", // the access point is gone for `ms`
  "refuse", // it refuses for `ms`
  "mute", // it does not answer for `ms`
] as const;

export interface Trouble {
  manner: Manner;
  /** Left out: the connection may live. */
  end?: End;
  /** For random decisions during the connection. */
  seed: number;
}

/** How many of each kind are in a hundred connections. */
export type Deck = Partial<Record<Manner["kind"] | End["kind"], number>>;

export const EVERYTHING: Deck = {
  ...{ plain: 4, latency: 35, split: 45, slow: 16 },
  ...{ cut: 27, reset: 22, silence: 11, refusal: 9, restart: 7, drop: 10, vanish: 5, refuse: 5, mute: 4 },
};

/** The troubles of the first `connections` connections; all later ones have none. */
export class Plan {
  private readonly random: Random;
  private manners: Manner["kind"][] = [];
  private ends: End["kind"][] = [];
  private drawn = 0;

  constructor(
    seed: number,
    private connections = Number.POSITIVE_INFINITY,
    private readonly deck: Deck = EVERYTHING,
  ) {
    this.random = randomOf(seed);
  }

  /** Whether a connection without trouble has begun. */
  get over(): boolean {
    return this.drawn > this.connections;
  }

  /** Makes the present connection the last one with trouble. */
  calm(): void {
    this.connections = Math.min(this.connections, this.drawn);
  }

  /** The trouble of the next connection. */
  next(): Trouble {
    const seed = this.random.below(2 ** 31);
    this.drawn++;
    if (this.over) return { manner: { kind: "plain" }, seed };
    if (!this.manners.length) this.manners = this.shuffled(MANNERS);
    if (!this.ends.length) this.ends = this.shuffled(ENDS);
    const [manner, end] = [this.manners.pop()!, this.ends.pop()!];
    return { manner: this.manner(manner), end: this.end(end), seed };
  }

  private manner(kind: Manner["kind"]): Manner {
    const { random } = this;
    if (kind === "latency") return { kind, ms: 20 + random.below(2000) };
    if (kind === "split") return { kind, most: [1, 3, 20, 200][random.below(4)]! };
    // Some of them later than the deadline of the handshake, 10 s.
    return kind === "slow" ? { kind, ms: random.below(15_000) } : { kind };
  }

  private end(kind: End["kind"]): End {
    const { random } = this;
    // A quarter ends during the handshake or the log-in, the others among the messages.
    const after = random.below(4) ? 400 + random.below(30_000) : random.below(450);
    return { kind, after, withinMs: 120_000, ms: 500 + random.below(30_000) };
  }

  private shuffled<Kind extends keyof Deck>(kinds: readonly Kind[]): Kind[] {
    const cards = kinds.flatMap((kind) => Array<Kind>(this.deck[kind] ?? 0).fill(kind));
    for (let i = cards.length - 1; i > 0; i--) {
      const other = this.random.below(i + 1);
      [cards[i], cards[other]] = [cards[other]!, cards[i]!];
    }
    return cards;
  }
}
