// Shows the log: on a terminal with a status and input line at the bottom, or on any other output.

import { appendFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { Failure } from "../failures.ts";
import type { WatchOptions } from "../options.ts";
import { userPath } from "../paths.ts";
import { asJson, asText, clockOf, type Entry } from "./log-line.ts";
import type { Screen, ScreenEvents } from "./watch.ts";

export class TerminalScreen implements Screen {
  private readonly lines: Interface | undefined;
  private readonly terminal: boolean;
  private readonly colour: boolean;

  /** @param pipe whether lines of the standard input go to the board even if it is not a terminal */
  constructor(
    private readonly options: WatchOptions,
    private readonly on: ScreenEvents,
    pipe: boolean,
  ) {
    const { stdin, stdout } = process;
    this.colour = Boolean(stdout.isTTY) && !process.env.NO_COLOR && !options.json;
    this.terminal = Boolean(stdin.isTTY && stdout.isTTY) && !options.json;
    if (this.terminal || pipe) {
      this.lines = createInterface({
        input: stdin,
        output: this.terminal ? stdout : undefined,
        terminal: this.terminal,
        prompt: "",
      });
      this.lines.on("line", (line) => on.typed(line));
      this.lines.on("SIGINT", on.stop);
    }
    stdout.on("error", on.stop);
    process.on("SIGINT", on.stop);
    process.on("SIGTERM", on.stop);
  }

  /** Shows an entry if it is wanted. The file gets all entries. */
  entry(entry: Entry): void {
    const { level, grep, json } = this.options;
    this.save(json ? asJson(entry) : asText(entry, false));
    if (entry.log && entry.log.level > level) return;
    if (grep && !grep.test(entry.line)) return;
    this.print(json ? asJson(entry) : asText(entry, this.colour));
  }

  /** A note of the monitor itself. */
  note(text: string): void {
    const time = new Date();
    const line = this.options.json
      ? JSON.stringify({ time: time.toISOString(), event: text })
      : `${clockOf(time)} -- ${text}`;
    this.save(line);
    this.print(line);
  }

  /** The line at the bottom; none without a terminal. */
  status(text: string): void {
    if (!this.terminal || !this.options.status || !this.lines) return;
    this.lines.setPrompt(`${text} `);
    this.lines.prompt(true);
  }

  get hasStatus(): boolean {
    return this.terminal && this.options.status;
  }

  close(): void {
    process.off("SIGINT", this.on.stop);
    process.off("SIGTERM", this.on.stop);
    this.lines?.close();
    // A pipe or a terminal that is still open keeps a process alive.
    process.stdin.destroy();
    if (this.terminal) process.stdout.write("\n");
  }

  private print(line: string): void {
    if (!this.terminal) {
      process.stdout.write(`${line}\n`);
      return;
    }
    // Over the bottom line. It is drawn again below, with the text that has been typed so far.
    process.stdout.write(`\r\x1b[2K${line}\n`);
    this.lines?.prompt(true);
  }

  private save(line: string): void {
    if (this.options.log === undefined) return;
    try {
      appendFileSync(userPath(this.options.log), `${line}\n`);
    } catch {
      throw new Failure("file", `${this.options.log} cannot be written`);
    }
  }
}
