// The books of a worker process: what each of its boards has published, what the broker has acknowledged, which commands came;
// and when boards connected. Messages and commands are numbered from 0, by QoS.

/** Counts in a tenth of a second: attempts to connect, boards that came up, boards that went down. */
export type Moment = [at: number, attempts: number, ups: number, downs: number];

/** The books of one board, as they are handed in at the end of a story. Numbers of messages by QoS 1 and 2. */
export interface Page {
  board: number;
  /** The first number of this story, and the first one after it. */
  from: [number, number];
  to: [number, number];
  /** Not acknowledged in the end. */
  open: [number[], number[]];
  /** Given up by the firmware, with the Reason Code. */
  failed: [qos: number, n: number, reason: number][];
  /** On the way when a connection ended; and of these, those whose session the broker had lost then. */
  cut: [number[], number[]];
  forgotten: [number[], number[]];
  /** How often each command came, by its number. */
  got: [number[], number[]];
  /** Commands that came to its socket, whatever the client made of them. */
  wired: [number[], number[]];
  /** Whether the broker had lost the session. */
  lostSession: boolean;
  /** Most attempts to connect within a minute. */
  mostAttempts: number;
}

/** Events are counted by this time. */
export const BUCKET_MS = 100;
const MINUTE_MS = 60_000;

interface Book extends Page {
  up: boolean;
  /** ms of the last minute's attempts. */
  attempts: number[];
  waiting: [Set<number>, Set<number>];
}

export class Ledger {
  private readonly books = new Map<number, Book>();
  private moments = new Map<number, Moment>();
  private newlyReady: number[] = [];
  private count = 0;

  /** An attempt of a board to connect. */
  attempt(board: number): void {
    const book = this.of(board);
    const now = Date.now();
    this.moment()[1]++;
    book.attempts = book.attempts.filter((at) => now - at < MINUTE_MS);
    book.attempts.push(now);
    book.mostAttempts = Math.max(book.mostAttempts, book.attempts.length);
  }

  up(board: number, present: boolean): void {
    const book = this.of(board);
    if (!book.up) {
      book.up = true;
      this.count++;
      this.moment()[2]++;
    }
    if (present) return;
    // A first connection has no session to lose.
    if (book.to[0] + book.to[1] > 0) book.lostSession = true;
    for (const i of [0, 1] as const)
      for (const n of book.waiting[i]) if (book.cut[i].includes(n)) book.forgotten[i].push(n);
  }

  down(board: number): void {
    const book = this.of(board);
    if (!book.up) return;
    book.up = false;
    this.count--;
    this.moment()[3]++;
    for (const i of [0, 1] as const)
      for (const n of book.waiting[i]) if (!book.cut[i].includes(n)) book.cut[i].push(n);
  }

  /** The board has subscribed for commands. */
  ready(board: number): void {
    this.newlyReady.push(board);
  }

  put(board: number, qos: number, n: number): void {
    const book = this.of(board);
    book.to[qos - 1] = n + 1;
    book.waiting[qos - 1]!.add(n);
  }

  acknowledged(board: number, qos: number, n: number, reason: number): void {
    const book = this.of(board);
    book.waiting[qos - 1]!.delete(n);
    if (reason) book.failed.push([qos, n, reason]);
  }

  command(board: number, qos: number, n: number): void {
    const got = this.of(board).got[qos - 1]!;
    got[n] = (got[n] ?? 0) + 1;
  }

  /** A command is among the bytes that a socket has brought. */
  wire(board: number, qos: number, n: number): void {
    this.of(board).wired[qos - 1]!.push(n);
  }

  /** Takes an event that the fleet's application printed (app.ts). */
  hear(board: number, line: string): void {
    const [mark, word, a, b, c] = line.split(" ");
    if (mark !== "=") return;
    if (word === "put") this.put(board, Number(a), Number(b));
    else if (word === "ack") this.acknowledged(board, Number(a), Number(b), Number(c));
    else if (word === "got") this.command(board, Number(a), Number(b));
    else if (word === "up") this.up(board, a === "1");
    else if (word === "down") this.down(board);
    else if (word === "ready") this.ready(board);
  }

  /** What has happened since the last call. */
  news(): { moments: Moment[]; up: number; ready: number[]; waiting: number } {
    const moments = [...this.moments.values()];
    const ready = this.newlyReady;
    this.moments = new Map();
    this.newlyReady = [];
    let waiting = 0;
    for (const { waiting: sets } of this.books.values()) waiting += sets[0].size + sets[1].size;
    return { moments, up: this.count, ready, waiting };
  }

  /** Hands in the books, and begins new ones where these end. */
  close(): Page[] {
    const pages: Page[] = [];
    for (const [board, book] of this.books) {
      const { waiting, up, attempts, ...page } = book;
      pages.push({ ...page, open: [[...waiting[0]], [...waiting[1]]] });
      const fresh = blank(board, [...book.to]);
      this.books.set(board, { ...fresh, up, attempts, mostAttempts: 0 });
    }
    return pages;
  }

  private of(board: number): Book {
    let book = this.books.get(board);
    if (!book) {
      book = blank(board, [0, 0]);
      this.books.set(board, book);
    }
    return book;
  }

  private moment(): Moment {
    const at = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS;
    let moment = this.moments.get(at);
    if (!moment) {
      moment = [at, 0, 0, 0];
      this.moments.set(at, moment);
    }
    return moment;
  }
}

function blank(board: number, from: [number, number]): Book {
  return {
    board,
    from,
    to: [...from],
    open: [[], []],
    failed: [],
    cut: [[], []],
    forgotten: [[], []],
    got: [[], []],
    wired: [[], []],
    lostSession: false,
    mostAttempts: 0,
    up: false,
    attempts: [],
    waiting: [new Set(), new Set()],
  };
}
