// Entries of a log with the bytes on the wire in words. Other entries stay as they are.

import { Decoder } from "./decode.ts";
import { type Entry, withText } from "./log-line.ts";

export class Translator {
  private readonly decoder = new Decoder();

  /** The board has restarted, or was away: what comes is another connection. */
  restart(): void {
    this.decoder.restart();
  }

  /** What to show for an entry: none for bytes that complete no frame and no packet. */
  take(entry: Entry): Entry[] {
    const { log } = entry;
    if (log?.module === "ws" && log.text.startsWith("Connecting to ")) this.restart();
    const words = log?.module === "wire" ? this.decoder.take(log.text) : undefined;
    return words ? words.map((text) => withText(entry, text)) : [entry];
  }
}
