// Thousands of reconnects on the engine: a proxy ends each connection as soon as it is used, every second one in the
// middle of a packet. Time runs faster for the program. The link does not notice: it counts the ticks that it gets.

import { type AddressInfo, createServer, type Socket, connect as to } from "node:net";
import type { Engine } from "../../test/engine/engine.ts";
import { type Place, started } from "./measure.ts";
import type { Stack } from "./stack.ts";

/** Seconds of the program in one real second. */
const FASTER = 20;

/** Makes the engine's clock and intervals faster. Its random numbers always give the shortest wait. */
const CLOCK = `
(function () {
  var time = getTime, interval = setInterval, zero = time();
  global.getTime = function () { return zero + (time() - zero) * ${FASTER}; };
  global.setInterval = function (call, ms) { return interval(call, ms / ${FASTER}); };
  var n = 0;
  Math.random = function () { n = n % 15 + 1; return n / 1000; };
})();
var ups = 0;
function up() {
  ups++;
  setTimeout(function () {
    print("up", ups, process.memory().usage, Object.keys(global["\\xff"].timers).length);
  }, 0);
}
function got() {}
`;

/** Variables and timers in use while connected for the nth time. */
export interface Use {
  jsVars: number;
  timers: number;
}

export class Reconnects {
  /** Number of connections so far. */
  count = 0;

  private constructor(
    readonly engine: Engine,
    private readonly sockets: Set<Socket>,
    private readonly close: () => Promise<void>,
  ) {}

  /** Boots a stack. It must connect to the port that `make` gets, which is in front of the broker's. */
  static async start(
    make: (ports: { tcp: number; ws: number }) => Promise<Stack>,
    brokerPort: number,
    place: Place = "flash",
  ) {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = to(brokerPort, "127.0.0.1");
      const end = () => {
        near.destroy();
        far.destroy();
        sockets.delete(near);
      };
      sockets.add(near);
      for (const side of [near, far]) side.setNoDelay(true).on("error", end).on("close", end);
      near.pipe(far);
      far.pipe(near);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const stack = await make({ tcp: port, ws: port });
    const engine = started({ ...stack, program: CLOCK + stack.program }, place, { kind: "none" });
    return new Reconnects(engine, sockets, async () => {
      await engine.off();
      for (const socket of sockets) socket.destroy();
      server.close();
    });
  }

  /** Waits for the next connection. */
  async next(timeoutMs = 60000): Promise<Use> {
    this.count++;
    const line = await this.engine.line(new RegExp(`^up ${this.count} `), timeoutMs);
    const [jsVars, timers] = line.split(" ").slice(2).map(Number);
    // Earlier lines do not matter any more.
    this.engine.lines.length = 0;
    return { jsVars: jsVars!, timers: timers! };
  }

  /** Ends the connection after bytes that are not a whole frame. */
  cut(rest = ""): void {
    for (const socket of this.sockets) socket.end(Buffer.from(rest, "latin1"), () => socket.destroy());
  }

  /** Ends each connection, until there were `n` of them. */
  async until(n: number): Promise<Use> {
    for (;;) {
      const use = await this.next();
      if (this.count === n) return use;
      // The beginning of a frame with the beginning of a PUBLISH, of a frame header, or nothing.
      this.cut(["\x82\x20\x30\x1e\0\x04b/i", "\x82\x7e\x01", ""][this.count % 3]);
    }
  }

  async off(): Promise<void> {
    await this.close();
  }
}
