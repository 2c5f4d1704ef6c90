// One serial port: opens it without resetting the board, reads, writes, notices its loss. The driver's oddities and
// error texts are handled here.

import { statSync } from "node:fs";
import type { SerialPort } from "serialport";
import { Failure } from "../failures.ts";
import { BAUD, OPEN_MS, REATTACH_MS, RESET_PULSE_MS, WRITE_MS } from "../limits.ts";
import { optional } from "../optional.ts";
import { type Line, unplugged } from "./line.ts";

/** The driver, which npm may have left out. */
export function driver(): Promise<typeof import("serialport")> {
  return optional(() => import("serialport"), "a serial port");
}

export class SerialLine implements Line {
  held = true;
  onBytes: (bytes: Uint8Array) => void = () => {};
  onGone: () => void = () => {};
  private watch: NodeJS.Timeout | undefined;
  private over = false;

  private constructor(
    private readonly port: SerialPort,
    private readonly path: string,
  ) {}

  static async open(path: string): Promise<SerialLine> {
    const { SerialPort } = await driver();
    // hupcl: closing must not drop the lines, because that resets most boards.
    const port = new SerialPort({ path, baudRate: BAUD, hupcl: false, autoOpen: false });
    const line = new SerialLine(port, path);
    port.on("data", (bytes: Uint8Array) => line.onBytes(bytes));
    port.on("close", () => line.gone());
    port.on("error", () => line.gone());
    try {
      await deadline(OPEN_MS, (done) => port.open(done));
    } catch (error) {
      throw openFailure(path, error as Error);
    }
    // The system raises both lines at once when it opens a port; the reset circuit of these boards ignores that. They
    // stay raised: only one of them alone resets the board.
    line.held = await line.set(true, true);
    // Some drivers do not report that the device is gone, but its file disappears.
    if (process.platform !== "win32") line.watch = setInterval(() => line.look(), REATTACH_MS);
    return line;
  }

  get alive(): boolean {
    return !this.over;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.over) throw unplugged(this.path);
    try {
      await deadline(WRITE_MS, (done) => this.port.write(bytes, (error) => done(error ?? null)));
    } catch (error) {
      if (this.over) throw unplugged(this.path);
      throw new Failure("silent", `${this.path} takes no bytes (${(error as Error).message})`);
    }
  }

  async reset(): Promise<boolean> {
    if (!this.held) return false;
    await this.set(false, true);
    await new Promise((done) => setTimeout(done, RESET_PULSE_MS));
    return this.set(false, false);
  }

  async close(): Promise<void> {
    const was = this.over;
    this.finish();
    if (was || !this.port.isOpen) return;
    await deadline(OPEN_MS, (done) => this.port.close((error) => done(error ?? null))).catch(() => {});
  }

  private set(dtr: boolean, rts: boolean): Promise<boolean> {
    return deadline(OPEN_MS, (done) => this.port.set({ dtr, rts }, (error) => done(error ?? null))).then(
      () => true,
      () => false,
    );
  }

  private look(): void {
    try {
      statSync(this.path);
    } catch {
      this.gone();
    }
  }

  private gone(): void {
    if (this.over) return;
    this.finish();
    if (this.port.isOpen) this.port.close(() => {});
    this.onGone();
  }

  private finish(): void {
    this.over = true;
    clearInterval(this.watch);
  }
}

/** The driver's error for a port that does not open, as one of ours. */
export function openFailure(path: string, error: Error): Failure {
  const words = error.message;
  if (/No such file|File not found|ENOENT|not a terminal|ENOTDIR/i.test(words)) {
    return new Failure("port", `there is no port ${path}`);
  }
  // Windows says "access denied" for a port that another program has open.
  if (process.platform === "win32" && /Access (is )?denied/i.test(words)) {
    return new Failure("busy", `${path} is in use`);
  }
  if (/Permission denied|EACCES|EPERM/i.test(words))
    return new Failure("permission", `${path} may not be opened by you`);
  if (/lock|busy|temporarily unavailable|EBUSY/i.test(words)) return new Failure("busy", `${path} is in use`);
  return new Failure(
    "port",
    `${path} cannot be opened as a serial port (${words.replace(/^Error:? */, "")})`,
  );
}

/** Runs a function with a callback; rejects if it fails or does not call back in time. */
function deadline(ms: number, run: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer from the driver in ${ms} ms`)), ms);
    run((error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}
