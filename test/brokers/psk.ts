// TLS servers with pre-shared keys in front of a plain port: Node's, openssl's s_server, and stunnel.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { TlsOptions } from "node:tls";
import { freePort, missing, untilListens } from "./mosquitto.ts";

/** A device's identity and its key, as config.json has them. */
export const PSK = {
  identity: "garden-7",
  key: "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef",
};
/** Parts of the key that no log may have: as text, and as hexadecimal dumps show them. */
export const SECRETS = [/00112233445566/, /8899aabbccdd/i, /88 99 aa bb/i, /\x88\x99\xaa/];

/** The one cipher suite. */
export const SUITE = "PSK-AES128-CBC-SHA256";

/** Options of Node's TLS for a server that knows these keys. */
export function pskServer(keys: Record<string, string> = { [PSK.identity]: PSK.key }): TlsOptions {
  return {
    ciphers: SUITE,
    maxVersion: "TLSv1.2",
    pskCallback: (_socket: unknown, identity: string) =>
      keys[identity] === undefined ? null : Buffer.from(keys[identity], "hex"),
  } as TlsOptions;
}

export const noStunnel = missing("stunnel4");

/** stunnel in front of a plain port; returns its own port. The lines are those of docs/brokers.md. */
export async function stunnel(
  t: TestContext,
  to: number,
  keys: Record<string, string> = { [PSK.identity]: PSK.key },
): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "stunnel-"));
  const secrets = Object.entries(keys).map(([identity, key]) => `${identity}:${key}\n`);
  writeFileSync(join(folder, "psk.txt"), secrets.join(""), { mode: 0o600 });
  const lines = [
    "foreground = yes",
    "pid =",
    "[mqtt]",
    `accept = 127.0.0.1:${port}`,
    `connect = 127.0.0.1:${to}`,
    `PSKsecrets = ${join(folder, "psk.txt")}`,
    `ciphers = ${SUITE}`,
    "sslVersionMax = TLSv1.2",
  ];
  writeFileSync(join(folder, "stunnel.conf"), `${lines.join("\n")}\n`);
  const child = spawn("stunnel4", [join(folder, "stunnel.conf")], { stdio: "ignore" });
  await started(t, child, port, "stunnel4");
  t.after(() => rmSync(folder, { recursive: true }));
  return port;
}

/** `openssl s_server` with a key: returns its port, and its output. It answers nothing by itself. */
export async function sServer(t: TestContext, ...more: string[]) {
  const port = await freePort();
  const words = ["s_server", "-accept", `${port}`, "-nocert", "-psk_identity", PSK.identity, "-psk", PSK.key];
  const child = spawn("openssl", [...words, "-cipher", SUITE, "-tls1_2", ...more], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  await started(t, child, port, "openssl");
  return { port, child };
}

async function started(t: TestContext, child: ChildProcess, port: number, name: string): Promise<void> {
  t.after(async () => {
    const gone = new Promise((done) => child.once("close", done));
    if (child.exitCode === null && child.kill("SIGKILL")) await gone;
  });
  await untilListens(port, name, child);
}
