// A connection of a virtual board to a server in this process, without TCP: the same run gives the same bytes in the same
// order. The server gets its end as a stream of Node, as http's event "connection" takes it.
import { Duplex } from "node:stream";
import { Link, type Network } from "./tcp.ts";

type Done = (error?: Error | null) => void;

/** Bytes that wait for the board above which the server has to wait. */
const WINDOW = 16384;

/** The server's end. */
export class NearSocket extends Duplex {
  private link: Link | undefined;
  private unfetched = 0;
  private held: (() => void) | undefined;
  /** Sizes of pieces that the server has not asked for yet. */
  private pieces: number[] = [];
  private full = false;

  constructor(
    /** Whether the radio carries data. What a board sends, or its end, does not arrive while it does not. */
    private readonly reaches: () => boolean,
    /** Called with each piece that arrives from the board. */
    private readonly onHeard: () => void = () => {},
  ) {
    super();
    // The end of a connection needs no handling.
    this.on("error", () => {});
  }

  /** The board's end. */
  linkTo(onActivity: () => void): Link {
    const network: Network = {
      send: (bytes) => this.arrive(bytes),
      fetched: (length) => this.fetched(length),
      close: () => this.left(),
      vanish: () => {
        this.link = undefined;
      },
    };
    this.link = new Link(network, onActivity);
    return this.link;
  }

  override _read(): void {
    this.full = false;
    for (const length of this.pieces.splice(0)) this.confirm(length);
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.unfetched += data.length;
    this.link?.take({ data: new Uint8Array(data) });
    if (this.unfetched > WINDOW) this.held = () => done();
    else done();
  }

  override _final(done: Done): void {
    this.link?.take({ over: true });
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.link?.take({ over: true });
    done(error);
  }

  private arrive(bytes: Uint8Array): void {
    if (this.destroyed || this.readableEnded) return;
    this.onHeard();
    this.full = !this.push(Buffer.from(bytes)) || this.full;
    if (this.full) this.pieces.push(bytes.length);
    else this.confirm(bytes.length);
  }

  /** Tells the board that these bytes have left it, later, as TCP does. */
  private confirm(length: number): void {
    setImmediate(() => this.link?.take({ sent: length }));
  }

  private fetched(length: number): void {
    this.unfetched -= length;
    if (this.unfetched > WINDOW) return;
    const { held } = this;
    this.held = undefined;
    held?.();
  }

  /** The board has ended the connection. A server that it cannot reach keeps its end open until it misses the board. */
  private left(): void {
    this.link = undefined;
    if (this.reaches() && !this.destroyed && !this.readableEnded) this.push(null);
  }
}
