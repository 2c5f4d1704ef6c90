// A `navigator.serial` in the page that leads to a chip in this process: a boot loader, and a board that runs Espruino.
import type { Page } from "playwright-core";
import { PretendLoader } from "./pretend-loader.ts";

/** The other end of the cable, as a pseudo terminal has it, too. */
export interface Wire {
  onBytes(bytes: Buffer): void;
  write(bytes: Uint8Array | string): void;
}

export class Chip implements Wire {
  onBytes: (bytes: Buffer) => void = () => {};
  /** Called when the reset line starts the program. */
  onReset: () => void = () => {};
  /** How the port refuses to open: the name of the browser's error. */
  refusal = "";
  readonly loader = new PretendLoader((bytes) => this.send(bytes));
  private inLoader = false;
  private held = false;
  private page: Page | undefined;
  /** One piece after the other, in their order. */
  private sending: Promise<unknown> = Promise.resolve();

  /** Puts the port into a page, before its own script. */
  async plugInto(page: Page): Promise<void> {
    this.page = page;
    await page.exposeFunction("chipTakes", (text: string) => this.take(Buffer.from(text, "latin1")));
    await page.exposeFunction("chipLines", (dtr: boolean, rts: boolean) => this.lines(dtr, rts));
    await page.exposeFunction("chipRefuses", () => this.refusal);
    await page.addInitScript(SERIAL);
  }

  /** Pulls the cable. */
  async unplug(): Promise<void> {
    await this.page?.evaluate("chipGone()");
  }

  write(bytes: Uint8Array | string): void {
    if (!this.inLoader) this.send(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  private send(bytes: Uint8Array): void {
    const text = JSON.stringify(Buffer.from(bytes).toString("latin1"));
    this.sending = this.sending.then(() => this.page?.evaluate(`chipGives(${text})`)).catch(() => {});
  }

  private take(bytes: Buffer): void {
    if (this.inLoader) this.loader.take(bytes);
    else this.onBytes(bytes);
  }

  /** The reset circuit of most boards: RTS alone holds the chip, DTR alone when it is let go chooses the boot loader. */
  private lines(dtr: boolean, rts: boolean): void {
    if (rts && !dtr) this.held = true;
    else if (this.held && dtr && !rts) {
      this.held = false;
      this.inLoader = true;
      this.loader.start();
    } else if (this.held && !dtr && !rts) {
      this.held = this.inLoader = false;
      this.onReset();
    }
  }
}

/** The page's end. Strings of bytes go over the bridge. */
const SERIAL = `(() => {
  let give, lost, state = { dtr: false, rts: false };
  const text = (bytes) => { let all = ""; for (const byte of bytes) all += String.fromCharCode(byte); return all; };
  const gone = () => new DOMException("The device has been lost.", "NetworkError");
  const port = Object.assign(new EventTarget(), {
    connected: true, readable: null, writable: null,
    async open() {
      const refusal = await chipRefuses();
      if (refusal) throw new DOMException("Failed to open serial port.", refusal);
      if (port.readable) throw new DOMException("The port is already open.", "InvalidStateError");
      if (!port.connected) throw gone();
      port.readable = new ReadableStream({ start(it) { give = it; } });
      port.writable = new WritableStream({ async write(bytes) { if (!port.connected) throw gone(); await chipTakes(text(bytes)); } });
    },
    async close() {
      if (port.readable?.locked) throw new TypeError("the stream is locked");
      port.readable = port.writable = give = null;
    },
    async setSignals({ dataTerminalReady: dtr = state.dtr, requestToSend: rts = state.rts }) {
      state = { dtr, rts };
      await chipLines(dtr, rts);
    },
    getInfo: () => ({ usbVendorId: 0x10c4, usbProductId: 0xea60 }),
  });
  window.chipGives = (text) => give?.enqueue(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  window.chipGone = () => { port.connected = false; give?.error(gone()); port.dispatchEvent(new Event("disconnect")); };
  const serial = Object.assign(new EventTarget(), { requestPort: async () => port, getPorts: async () => [port] });
  Object.defineProperty(navigator, "serial", { value: serial });
})()`;
