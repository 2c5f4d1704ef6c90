// Free ports of 127.0.0.1 for programs that come and go during a run.
import { type AddressInfo, createServer } from "node:net";

const taken = new Set<number>();

/** A free port of 127.0.0.1, each time another one: a program may take it later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    // Ports above are given to connections, which would take a node's while it is away.
    const own = 10_000 + (port % 20_000);
    if (taken.has(own) || !(await isFree(own))) continue;
    taken.add(own);
    return own;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
