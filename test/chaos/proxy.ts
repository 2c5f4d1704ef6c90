// A TCP proxy on 127.0.0.1 between a board and its broker that gives each connection its planned trouble.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, type Clock } from "../../board/virtual/clock.ts";
import { Passage } from "./passage.ts";
import type { End, Trouble } from "./plan.ts";

export interface ProxyOptions {
  /** Port of the broker. */
  to: number;
  /** The board's time. */
  clock: Clock;
  /** The trouble of the next connection. */
  next(): Trouble;
  /** A connection has begun, or has reached its planned end. */
  began(trouble: Trouble): void;
  ended(end: End): void;
}

export class ChaosProxy {
  /** Connections that the broker has accepted. */
  connections = 0;
  /** While set, connections end at once, as without a broker. */
  closed = false;
  private readonly server = createServer({ allowHalfOpen: true }, (near) => this.accept(near));
  private readonly passages = new Set<Passage>();
  private port = 0;
  private cancelPause = () => {};

  private constructor(private readonly options: ProxyOptions) {}

  static async start(options: ProxyOptions): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(options);
    await proxy.listen();
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/mqtt`;
  }

  /** Refuses connections for so many ms of the board. */
  refuse(ms: number): void {
    this.server.close();
    this.cancelPause = after(this.options.clock, ms, () => void this.listen());
  }

  /** Cuts all connections. */
  cut(): void {
    for (const passage of this.passages) passage.destroy();
  }

  stop(): void {
    this.cancelPause();
    this.server.close();
    this.cut();
  }

  private listen(): Promise<void> {
    return new Promise((done, fail) => {
      this.server.once("error", fail);
      this.server.listen(this.port, "127.0.0.1", () => {
        this.server.off("error", fail);
        this.port = (this.server.address() as AddressInfo).port;
        done();
      });
    });
  }

  private accept(near: Socket): void {
    const { to, clock, next, began, ended } = this.options;
    if (this.closed) return void near.destroy();
    const far = connect({ port: to, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    near.setNoDelay();
    near.pause();
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
    far.once("connect", () => {
      this.connections++;
      const trouble = next();
      began(trouble);
      const passage = new Passage(near, far, trouble, clock, ended);
      this.passages.add(passage);
      near.once("close", () => this.passages.delete(passage));
      near.resume();
    });
  }
}
