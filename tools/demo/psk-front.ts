// TLS with a pre-shared key in front of the demo's broker: Node's TLS, which is OpenSSL's. The key is made for this run.
import { randomBytes } from "node:crypto";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";

const IDENTITY = "demo";

export class PskFront {
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** What `mqtt` of config.json says to reach it. */
    readonly mqtt: { url: string; tls: object },
  ) {}

  /** @param broker the URL of the broker behind it */
  static async start(broker: string): Promise<PskFront> {
    const key = randomBytes(32);
    const { port, pathname } = new URL(broker);
    const options = {
      ciphers: "PSK-AES128-CBC-SHA256",
      maxVersion: "TLSv1.2",
      pskCallback: (_: unknown, identity: string) => (identity === IDENTITY ? key : null),
    } as TlsOptions;
    const server = createServer(options, (secure) => {
      const plain = connect(Number(port), "127.0.0.1");
      for (const [one, other] of [
        [secure, plain],
        [plain, secure],
      ] as const) {
        front.open.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => front.open.delete(one));
        one.pipe(other);
      }
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`;
    const front = new PskFront(server, {
      url,
      tls: { psk: { identity: IDENTITY, key: key.toString("hex") } },
    });
    return front;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}
