// A server of ours in front of the broker, for two stories: one that delays each CONNACK, one that refuses for a while because
// it is busy. Else it passes everything on.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { upgrade } from "../../test/support/upgrade.ts";

export type Manner = "pass" | "slow" | "busy";

/** How late a slow server's CONNACK is, in ms. */
export const SLOW_MS = 5000;
/** CONNACK "server unavailable" of 3.1.1 (3.2.2.3), and "server busy" of MQTT 5, without properties (3.2.2.2), in a frame. */
const BUSY = { 4: Buffer.from([0x82, 4, 0x20, 2, 0, 3]), 5: Buffer.from([0x82, 5, 0x20, 3, 0, 0x89, 0]) };
const END = "\r\n\r\n";

export class Front {
  manner: Manner = "pass";

  private constructor(
    private readonly server: Server,
    private readonly open: Set<Socket>,
  ) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param to the port behind it */
  static async start(to: number, version: 4 | 5): Promise<Front> {
    const open = new Set<Socket>();
    const keep = (socket: Socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => {});
    };
    const server = createServer({ noDelay: true }, (socket) => {
      keep(socket);
      if (front.manner === "busy") refuse(socket, BUSY[version]);
      else keep(pass(socket, to, front.manner === "slow"));
    });
    const front = new Front(server, open);
    await new Promise<void>((done) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, done));
    return front;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

/** Accepts the WebSocket, and refuses CONNECT. */
function refuse(socket: Socket, connack: Buffer): void {
  let request = "";
  socket.on("data", (bytes) => {
    const before = request.includes(END);
    request += bytes.toString("latin1");
    if (before) socket.end(connack);
    else if (request.includes(END)) socket.write(upgrade(request));
  });
}

function pass(socket: Socket, to: number, slow: boolean): Socket {
  const broker = connect({ port: to, host: "127.0.0.1", noDelay: true });
  socket.on("close", () => broker.destroy());
  broker.on("close", () => socket.destroy());
  socket.pipe(broker);
  if (slow) delay(broker, socket);
  else broker.pipe(socket);
  return broker;
}

/** Passes the reply to the upgrade request on at once, and the first bytes behind it late. */
function delay(broker: Socket, socket: Socket): void {
  let reply = "";
  const read = (bytes: Buffer) => {
    if (!reply.includes(END)) {
      reply += bytes.toString("latin1");
      return void socket.write(bytes);
    }
    broker.off("data", read).pause();
    setTimeout(() => {
      socket.write(bytes);
      broker.pipe(socket);
    }, SLOW_MS);
  };
  broker.on("data", read);
}
