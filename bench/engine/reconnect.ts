// Reconnects by the thousand on the engine: a proxy ends each connection as soon as it is used, every second one in the
// midst of a packet. Time runs faster for the program, not for the link: it counts the seconds it is given.

import { type AddressInfo, createServer, type Socket, connect as to } from "node:net";
import type { Engine } from "../../test/engine/engine.ts";
import { type Place, started } from "./measure.ts";
import type { Stack } from "./stacks.ts";

/** Seconds of the program in one of ours. */
const FASTER = 20;

/** The engine's clock and intervals, faster; chance always gives the shortest wait. */
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

/** What is in use while connected for the nth time: variables, timers. */
export interface Use {
  jsVars: number;
  timers: number;
}

export class Reconnects {
  /** How often it was connected. */
  count = 0;

  private constructor(
    readonly engine: Engine,
    private readonly sockets: Set<Socket>,
    private readonly close: () => Promise<void>,
  ) {}

  /** Boots a stack; what it connects to must be the port that `make` is given, in front of the broker's. */
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

  /** Waits until it is connected once more. */
  async next(timeoutMs = 60000): Promise<Use> {
    this.count++;
    const line = await this.engine.line(new RegExp(`^up ${this.count} `), timeoutMs);
    const [jsVars, timers] = line.split(" ").slice(2).map(Number);
    // What was said before is of no interest any more.
    this.engine.lines.length = 0;
    return { jsVars: jsVars!, timers: timers! };
  }

  /** Ends the connection, behind some bytes that are no whole frame. */
  cut(rest = ""): void {
    for (const socket of this.sockets) socket.end(Buffer.from(rest, "latin1"), () => socket.destroy());
  }

  /** Connects and is cut off, until it was connected `n` times. */
  async until(n: number): Promise<Use> {
    for (;;) {
      const use = await this.next();
      if (this.count === n) return use;
      // The beginning of a frame with the beginning of a PUBLISH; of a header; nothing.
      this.cut(["\x82\x20\x30\x1e\0\x04b/i", "\x82\x7e\x01", ""][this.count % 3]);
    }
  }

  async off(): Promise<void> {
    await this.close();
  }
}
