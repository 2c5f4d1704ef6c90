// A serial port for tests: a pseudo terminal whose other end is here. Can be unplugged and plugged in again.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { until } from "../support/until.ts";

export class Pty {
  readonly path: string;
  onBytes: (bytes: Buffer) => void = () => {};
  private readonly folder = mkdtempSync(join(tmpdir(), "pty-"));
  private readonly server: Server;
  private socat: ChildProcess | undefined;
  private socket: Socket | undefined;
  /** Keeps the terminal open between two programs; otherwise socat would end with the first one. */
  private hold: number | undefined;

  private constructor() {
    this.path = join(this.folder, "tty");
    this.server = createServer((socket) => {
      this.socket = socket;
      socket.on("data", (bytes) => this.onBytes(bytes));
      socket.on("error", () => {});
    });
  }

  static async start(t: TestContext): Promise<Pty> {
    const pty = new Pty();
    await new Promise<void>((done) => pty.server.listen(join(pty.folder, "socket"), done));
    await pty.plugIn();
    t.after(() => pty.end());
    return pty;
  }

  async plugIn(): Promise<void> {
    const connected = new Promise((done) => this.server.once("connection", done));
    const to = `UNIX-CONNECT:${join(this.folder, "socket")}`;
    this.socat = spawn("socat", [`PTY,link=${this.path},rawer`, to], { stdio: "ignore" });
    await connected;
    await until(() => existsSync(this.path), this.path);
    this.hold = openSync(this.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  /** Pulls the cable: the port's file disappears. */
  async unplug(): Promise<void> {
    const socat = this.socat;
    this.socat = undefined;
    if (!socat || socat.exitCode !== null) return;
    const gone = new Promise((done) => socat.once("exit", done));
    socat.kill("SIGKILL");
    await gone;
    rmSync(this.path, { force: true });
    if (this.hold !== undefined) closeSync(this.hold);
    this.hold = undefined;
    this.socket?.destroy();
  }

  write(bytes: Uint8Array | string): void {
    if (!this.socket?.destroyed)
      this.socket?.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  private async end(): Promise<void> {
    await this.unplug();
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
