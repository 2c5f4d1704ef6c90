// Boards and servers for the tests, closed when the test ends.
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Program } from "../../board/virtual/program.ts";
import { settled } from "../../board/virtual/tcp.ts";
import { type BoardOptions, VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank, quiet } from "../../testing/crank.ts";
import { upgrade } from "../support/upgrade.ts";

/** Joins the Wi-Fi at once, then runs the code. */
export const QUICK = { joinMs: 0, dhcpMs: 0 };

/** A board that runs this code, switched off when the test ends. */
export function boardOf(
  t: TestContext,
  code: string | Program,
  options: Partial<BoardOptions> = {},
): VirtualBoard {
  const board = new VirtualBoard({ code, wifi: QUICK, ...options });
  t.after(() => board.off());
  return board;
}

/**
 * The clock of a board whose server is in this process: its time passes only while a test waits.
 * @param traffic a count of what has moved
 */
export function crankOf(traffic: () => number): Crank {
  return new Crank(async () => {
    await settled();
    await quiet(traffic);
  });
}

/** Code that joins the Wi-Fi and then runs `code`. */
export function online(code: string): string {
  return `require("Wifi").connect("net", {}, function () { ${code} });`;
}

/**
 * A TCP server on 127.0.0.1 that hands each connection to `serve`; closed when the test ends. Returns its port, which is a
 * free one unless `at` names one.
 */
export async function serverOf(t: TestContext, serve: (socket: Socket) => void, at = 0): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((done) => server.listen(at, "127.0.0.1", done));
  t.after(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** A WebSocket server that answers CONNECT with this code, then is silent. `sockets` has its connections, the latest last. */
export async function broker(t: TestContext, code = 0, at = 0): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const serve = (socket: Socket) => {
    sockets.push(socket);
    socket.once("data", (request) => {
      socket.write(upgrade(request.toString("latin1")));
      socket.once("data", () => socket.write(Buffer.from([0x82, 4, 0x20, 2, 0, code])));
    });
  };
  const port = await serverOf(t, serve, at);
  return { port, sockets };
}
