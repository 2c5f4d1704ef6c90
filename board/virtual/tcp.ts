// TCP for the virtual boards, as lwIP on the chip: a connect that blocks, and connections that are polled. The sockets
// live in a thread of their own (tcp-worker.js).
import { Worker } from "node:worker_threads";
import { fromBuffer, toBuffer } from "./bytes.ts";

/** Size of lwIP's send buffer, in bytes. */
const SEND_BUFFER = 5744;
/** The timeout of a connect; shorter than on the chip. */
const CONNECT_TIMEOUT_MS = 20_000;

/** Why a connect failed: a name that is not found, or the chip's errno. */
export type Failure = { kind: "dns" } | { kind: "tcp"; errno: number };

/** What a connection asks of the network below it: a thread with real sockets, or a server in this process (near.ts). */
export interface Network {
  send(bytes: Uint8Array): void;
  /** The board has taken so many bytes that had arrived. */
  fetched(length: number): void;
  close(): void;
  /** The board is gone without a word, where the network can do that; else it is an orderly end. */
  vanish?(): void;
}

/** One open connection. */
export class Link {
  private received = "";
  private over = false;
  private inFlight = 0;
  private closed = false;
  /** The error number of mbedtls for a TLS handshake that failed. */
  failed = 0;

  constructor(
    private readonly network: Network,
    private readonly onActivity: () => void,
    /** Whether the TLS handshake is still going on; nothing is sent before its end. */
    private shaking = false,
  ) {}

  /** Hands bytes to TCP; returns how many it took, 0 when the peer does not keep up. */
  send(bytes: string): number {
    if (this.shaking) return 0;
    const taken = bytes.substr(0, SEND_BUFFER - this.inFlight);
    if (taken === "") return 0;
    this.inFlight += taken.length;
    this.network.send(new Uint8Array(toBuffer(taken)));
    return taken.length;
  }

  /** At most `size` bytes that arrived, "" when there are none yet, undefined when there will be no more. */
  receive(size: number): string | undefined {
    if (this.received === "") return this.over ? undefined : "";
    const chunk = this.received.substr(0, size);
    this.received = this.received.substr(size);
    this.network.fetched(chunk.length);
    return chunk;
  }

  /** Whether `receive` has bytes or the end of the connection to report. */
  get ready(): boolean {
    return this.received !== "" || this.over;
  }

  /** Closes; bytes that TCP took still go out. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.network.close();
  }

  /** The board has lost its power or was reset: nothing tells the peer, where the network can do that. */
  abandon(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.network.vanish) this.network.vanish();
    else this.network.close();
  }

  /** Ends it as a lost network does: nothing more goes out, and the board hears that it is over. */
  cut(): void {
    this.received = "";
    this.over = true;
    this.network.close();
    this.onActivity();
  }

  /** Takes an event from the network. */
  take(news: News): void {
    if (news.secured) this.shaking = false;
    this.failed = news.failed ?? this.failed;
    if (news.data) this.received += fromBuffer(news.data);
    if (news.sent) this.inFlight -= news.sent;
    if (news.over) this.over = true;
    this.onActivity();
  }
}

/** An event of the network about one connection. */
export interface News {
  data?: Uint8Array;
  sent?: number;
  over?: boolean;
  secured?: boolean;
  failed?: number;
}

/** Where to connect. */
export interface Destination {
  host: string;
  port: number;
  /** With TLS: a client's certificate and key in DER, if it has them. */
  tls?: { cert?: string; key?: string } | undefined;
}

/**
 * Connects, and blocks this thread until that has succeeded or failed.
 * @param onActivity is called later, whenever bytes arrived, went out, or the peer closed.
 * @param holds whether an open connection keeps the process from ending
 */
export function connect(to: Destination, onActivity: () => void, holds = true): Link | Failure {
  const id = ++last;
  const answer = new Int32Array(new SharedArrayBuffer(12));
  const link = new Link(networkOf(id), onActivity, to.tls !== undefined);
  links.set(id, link);
  post({ do: "connect", id, ...to, timeoutMs: CONNECT_TIMEOUT_MS, answer });
  Atomics.wait(answer, 0, 0);
  if (answer[1] === 0) {
    if (holds) worker?.ref();
    return link;
  }
  links.delete(id);
  return answer[1] === -1 ? { kind: "dns" } : { kind: "tcp", errno: answer[2] as number };
}

/**
 * Resolves when the thread has sent what the boards gave it, and has passed on what the network had for them. A test that
 * cranks a clock waits for it: a busy PC must not make an answer late.
 */
export function settled(): Promise<void> {
  if (!worker) return Promise.resolve();
  const id = ++last;
  // The thread does not keep the process from ending; this wait does.
  const hold = setInterval(() => {}, 1000);
  return new Promise((done) => {
    turns.set(id, () => {
      clearInterval(hold);
      done();
    });
    post({ do: "turn", id });
  });
}

/** The thread, for one connection. */
function networkOf(id: number | string): Network {
  return {
    send: (data) => post({ do: "send", id, data }),
    fetched: (length) => post({ do: "fetched", id, length }),
    close() {
      links.delete(id);
      post({ do: "close", id });
      if (links.size === 0) worker?.unref();
    },
  };
}

/** An event of the network about a listener. */
interface ListenerNews {
  port?: number;
  accepted?: string;
  data?: Uint8Array;
  from?: Sender;
}

/** Where a datagram came from. */
export interface Sender {
  address: string;
  port: number;
}

/** What ends a listener. */
export interface Listener {
  close(): void;
}

/** A listener for datagrams. */
export interface UdpListener extends Listener {
  answer(bytes: string, to: Sender): void;
}

/**
 * Listens for TCP on a free port of this machine, in place of the port that the board asks for.
 * @param onPort is called with that port
 * @param onLink is called with each connection
 * @param onActivity as for {@link connect}
 */
export function listen(
  onPort: (port: number) => void,
  onLink: (link: Link) => void,
  onActivity: () => void,
): Listener {
  const id = ++last;
  return begin("listen", id, (news) => {
    if (news.port) onPort(news.port);
    if (news.accepted === undefined) return;
    const link = new Link(networkOf(news.accepted), onActivity);
    links.set(news.accepted, link);
    onLink(link);
    onActivity();
  });
}

/** The same for UDP. */
export function bind(
  onPort: (port: number) => void,
  onDatagram: (bytes: string, from: Sender) => void,
): UdpListener {
  const id = ++last;
  const listener = begin("bind", id, (news) => {
    if (news.port) onPort(news.port);
    if (news.data && news.from) onDatagram(fromBuffer(news.data), news.from);
  });
  const answer = (bytes: string, to: Sender) =>
    post({ do: "answer", id, data: new Uint8Array(toBuffer(bytes)), to });
  return { ...listener, answer };
}

function begin(order: string, id: number, take: (news: ListenerNews) => void): Listener {
  listeners.set(id, take);
  post({ do: order, id });
  return {
    close() {
      listeners.delete(id);
      post({ do: "deafen", id });
    },
  };
}

const links = new Map<number | string, Link>();
const listeners = new Map<number, (news: ListenerNews) => void>();
const turns = new Map<number, () => void>();
let last = 0;
let worker: Worker | undefined;

function post(order: Record<string, unknown>): void {
  if (!worker) {
    worker = new Worker(new URL("./tcp-worker.js", import.meta.url), { execArgv: [], name: "tcp" });
    worker.on("message", (news) => {
      if (news.turned) turns.get(news.id)?.();
      if (news.turned) turns.delete(news.id);
      else if (listeners.has(news.id)) listeners.get(news.id)!(news);
      else links.get(news.id)?.take(news);
    });
    worker.unref();
  }
  worker.postMessage(order);
}
