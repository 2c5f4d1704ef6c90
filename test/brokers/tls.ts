// Certificates made when a test needs them, and TLS servers in front of a plain port.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createServer, type TlsOptions } from "node:tls";
import { missing } from "./mosquitto.ts";

/** Why tests with certificates are skipped, false if they can run. */
export const noOpenssl = missing("openssl");

/** A certificate and its key, in PEM and as the byte strings in DER that a board stores. */
export interface Identity {
  cert: string;
  key: string;
  der: { cert: string; key: string };
}

export interface CertificateOptions {
  name?: string;
  expired?: boolean;
  /** The issuer; by default it is self-signed. */
  issuer?: Identity;
}

/** A certificate of a new RSA key, valid today unless told otherwise. */
export function certificate({ name = "localhost", expired, issuer }: CertificateOptions = {}): Identity {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  try {
    writeFileSync(join(folder, "ca.cnf"), CA);
    writeFileSync(join(folder, "index"), "");
    writeFileSync(join(folder, "serial"), "01\n");
    openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "key.pem",
      "-out",
      "request.pem",
      "-subj",
      `/CN=${name}`,
    );
    if (issuer) {
      writeFileSync(join(folder, "issuer.pem"), issuer.cert);
      writeFileSync(join(folder, "issuer.key"), issuer.key);
    }
    const signer = issuer
      ? ["-cert", "issuer.pem", "-keyfile", "issuer.key"]
      : ["-selfsign", "-keyfile", "key.pem"];
    const [from, to] = expired ? ["200101000000Z", "200102000000Z"] : ["200101000000Z", "491231000000Z"];
    openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      "ca.cnf",
      ...signer,
      "-in",
      "request.pem",
      "-out",
      "cert.pem",
      "-startdate",
      from!,
      "-enddate",
      to!,
    );
    const read = (file: string) => readFileSync(join(folder, file), "latin1");
    openssl("x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der");
    openssl("rsa", "-in", "key.pem", "-traditional", "-outform", "DER", "-out", "key.der");
    return {
      cert: read("cert.pem"),
      key: read("key.pem"),
      der: { cert: read("cert.der"), key: read("key.der") },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A self-signed certificate of an ECDSA key, and the key. */
export function ecdsa(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key -out cert -subj /CN=localhost";
  try {
    execFileSync("openssl", words.split(" "), { cwd: folder, stdio: "ignore" });
    return {
      cert: readFileSync(join(folder, "cert"), "latin1"),
      key: readFileSync(join(folder, "key"), "latin1"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CA = `
[ca]
default_ca = all
[all]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
`;

/** The options that Espruino's Linux builds need: TLS 1.2, key exchange by RSA. */
export const LINUX_ENGINE: TlsOptions = { maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256:AES128-SHA256" };

/** A TLS server on 127.0.0.1 that passes on to a plain port; closed when the test ends. */
export class Front {
  /** Numbers of handshakes that succeeded, and that failed. */
  secured = 0;
  failed = 0;
  /** Server names that clients asked for (SNI), and whether the client's certificate was valid. */
  readonly names: (string | false | null)[] = [];
  authorized = false;

  private constructor(
    readonly port: number,
    private readonly open: Set<{ destroy(): void }>,
  ) {}

  /** Ends every connection as a stranger in between would: TCP without a word of TLS. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  static async start(t: TestContext, to: number, options: TlsOptions): Promise<Front> {
    const open = new Set<{ destroy(): void }>();
    const server = createServer(options, (socket) => {
      front.secured++;
      front.names.push(socket.servername);
      front.authorized = socket.authorized;
      const plain = connect(to, "127.0.0.1");
      for (const [one, other] of [
        [socket, plain],
        [plain, socket],
      ] as const) {
        open.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
        one.pipe(other);
      }
    });
    server.on("connection", (socket) => open.add(socket));
    server.on("tlsClientError", () => front.failed++);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    });
    const front = new Front((server.address() as AddressInfo).port, open);
    return front;
  }
}
