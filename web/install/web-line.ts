// The browser's serial port (W3C Web Serial) as the tools' line: the only thing that differs from Node.

import { Failure } from "../../tools/failures.ts";
import { BAUD, OPEN_MS, RESET_PULSE_MS, WRITE_MS } from "../../tools/limits.ts";
import { type Line, unplugged } from "../../tools/serial/line.ts";

/** What the port is called: a browser does not tell its name. */
export const PATH = "the port";

export class WebLine implements Line {
  held = true;
  onBytes: (bytes: Uint8Array) => void = () => {};
  onGone: () => void = () => {};
  private over = false;
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private reading: Promise<void> = Promise.resolve();

  private constructor(private readonly port: SerialPort) {}

  static async open(port: SerialPort): Promise<WebLine> {
    try {
      await deadline(OPEN_MS, port.open({ baudRate: BAUD, bufferSize: 16_384 }));
    } catch (error) {
      throw openFailure(error as Error);
    }
    const line = new WebLine(port);
    // As serial.ts: both lines stay raised, only one of them alone resets the board.
    line.held = await line.set(true, true);
    line.reading = line.read();
    return line;
  }

  get alive(): boolean {
    return !this.over;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { writable } = this.port;
    if (this.over || !writable) throw unplugged(PATH);
    const writer = writable.getWriter();
    try {
      await deadline(WRITE_MS, writer.write(new Uint8Array(bytes)));
    } catch (error) {
      if (this.over || (error as Error).name === "NetworkError") throw unplugged(PATH);
      throw new Failure("silent", `${PATH} takes no bytes (${(error as Error).message})`);
    } finally {
      writer.releaseLock();
    }
  }

  async reset(): Promise<boolean> {
    if (!this.held) return false;
    await this.set(false, true);
    await new Promise((done) => setTimeout(done, RESET_PULSE_MS));
    return this.set(false, false);
  }

  async close(): Promise<void> {
    this.over = true;
    await this.reader?.cancel().catch(() => {});
    await this.reading;
    await this.port.close().catch(() => {});
  }

  private set(dataTerminalReady: boolean, requestToSend: boolean): Promise<boolean> {
    return this.port.setSignals({ dataTerminalReady, requestToSend }).then(
      () => true,
      () => false,
    );
  }

  /** Reads until the port is closed or gone. Errors of single bytes end a stream, and the next one goes on. */
  private async read(): Promise<void> {
    while (!this.over && this.port.readable) {
      this.reader = this.port.readable.getReader();
      try {
        for (;;) {
          const { value, done } = await this.reader.read();
          if (done) break;
          this.onBytes(value);
        }
        if (!this.over) break;
      } catch (error) {
        if ((error as Error).name === "NetworkError") break;
      } finally {
        this.reader.releaseLock();
      }
    }
    if (this.over) return;
    this.over = true;
    void this.port.close().catch(() => {});
    this.onGone();
  }
}

/** The browser's errors for a port that does not open. */
function openFailure(error: Error): Failure {
  if (error.name === "InvalidStateError" || error.name === "NetworkError")
    return new Failure("busy", `${PATH} is in use`);
  return new Failure("port", `${PATH} cannot be opened (${error.message})`);
}

/** The port that the user picks. */
export async function pickPort(): Promise<SerialPort> {
  try {
    return await navigator.serial.requestPort();
  } catch (error) {
    if ((error as Error).name === "SecurityError")
      throw new Failure(
        "permission",
        "this page may not use serial ports",
        "open it from https or from your disk",
      );
    throw new Failure("port", "no port was chosen", "plug the board in, and choose its port");
  }
}

async function deadline<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the driver in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
