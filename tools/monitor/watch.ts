// Watches a board's log over restarts and unplugging, until Ctrl-C or until the caller stops it.

import type { Failure } from "../failures.ts";
import { BAUD, MEMORY_POLL_MS, REATTACH_MS } from "../limits.ts";
import type { WatchOptions } from "../options.ts";
import { ENQUIRY, Espruino, REBOOT } from "../serial/espruino.ts";
import { type Line, unplugged } from "../serial/line.ts";
import { type Entry, readLine } from "./log-line.ts";
import { Status } from "./status.ts";
import { Translator } from "./translator.ts";

const SECOND_MS = 1000;

/** Where the log is shown. */
export interface Screen {
  entry(entry: Entry): void;
  /** A note of the monitor itself. */
  note(text: string): void;
  /** The state of the board, in a line. */
  status(text: string): void;
  readonly hasStatus: boolean;
  close(): void;
}

/** What happens at the screen. */
export interface ScreenEvents {
  /** A line was typed. */
  typed(line: string): void;
  /** The user ends it. */
  stop(): void;
}

/** What a watch works with. */
export interface Surroundings {
  /** The port's name, for people. */
  path: string;
  open(): Promise<Line>;
  /** Whether a port that was gone may be there again. */
  mayOpen(): boolean;
  screen(on: ScreenEvents): Screen;
}

export class Watch {
  private readonly status = new Status();
  private readonly translator = new Translator();
  private readonly screen: Screen;
  private espruino: Espruino | undefined;
  private line: Line | undefined;
  private opening = false;
  private polling = false;
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private finish: (failure?: Failure) => void = () => {};
  private readonly finished = new Promise<void>((resolve, reject) => {
    this.finish = (failure) => (failure ? reject(failure) : resolve());
  });
  /** Called with every entry, even if it is not shown. */
  onEntry: (entry: Entry) => void = () => {};

  private readonly path: string;

  constructor(
    private readonly world: Surroundings,
    private readonly options: Pick<WatchOptions, "decode">,
  ) {
    this.path = world.path;
    this.screen = world.screen({ typed: (line) => this.typed(line), stop: () => this.stop() });
    this.finished.catch(() => {});
  }

  /** Watches until {@link stop}, on `line` if it is open already. Rejects if the port cannot be opened. */
  async run(line?: Line, reset = false, log: string[] = []): Promise<void> {
    try {
      await this.attach(line ?? (await this.world.open()), line === undefined);
      for (const text of log) this.take(text);
      if (reset) await this.reset();
      this.timers.push(setInterval(() => this.draw(), SECOND_MS));
      if (this.screen.hasStatus) {
        void this.poll();
        this.timers.push(setInterval(() => void this.poll(), MEMORY_POLL_MS));
      }
      await this.finished;
    } finally {
      for (const timer of this.timers) clearInterval(timer);
      this.screen.close();
      await this.line?.close();
    }
  }

  /** Ends {@link run}, with a failure if one is given. */
  stop(failure?: Failure): void {
    this.finish(failure);
  }

  note(text: string): void {
    this.screen.note(text);
  }

  private async attach(line: Line, fresh: boolean): Promise<void> {
    this.line = line;
    this.espruino = new Espruino(line, this.path);
    this.espruino.onLine = (text) => this.take(text);
    line.onGone = () => void this.lost();
    this.status.attached = true;
    if (!line.alive) return this.lost();
    if (fresh) this.note(`watching ${this.path} at ${BAUD} baud, Ctrl-C ends`);
    if (!line.held)
      this.note("this port has no DTR and RTS to hold: if the board restarts when it is opened, that is why");
  }

  /** The port is gone: waits for it without a limit. */
  private async lost(): Promise<void> {
    this.espruino?.fail(unplugged(this.path));
    this.espruino = undefined;
    this.status.attached = false;
    this.translator.restart();
    this.note("unplugged; waiting for it to come back");
    const timer = setInterval(() => {
      if (this.world.mayOpen()) void this.retry(timer);
    }, REATTACH_MS);
    this.timers.push(timer);
  }

  private async retry(timer: NodeJS.Timeout): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    try {
      const line = await this.world.open();
      clearInterval(timer);
      this.note("back again");
      await this.attach(line, false);
    } catch {
      // Try again later: the system makes the port's file before it can be opened.
    } finally {
      this.opening = false;
    }
  }

  private take(text: string): void {
    try {
      this.show(readLine(text, new Date()));
    } catch (error) {
      this.stop(error as Failure);
    }
  }

  private show(entry: Entry): void {
    if (entry.line === "") return;
    if (this.status.take(entry)) {
      this.translator.restart();
      this.note("the board has restarted");
    }
    for (const shown of this.options.decode ? this.translator.take(entry) : [entry]) this.screen.entry(shown);
    this.onEntry(entry);
  }

  private typed(line: string): void {
    this.espruino?.type(line).catch(() => {});
  }

  private async reset(): Promise<void> {
    this.note("restarting the board");
    if (!(await this.line?.reset())) await this.espruino?.evaluate(REBOOT);
  }

  private draw(): void {
    this.screen.status(this.status.text(new Date()));
  }

  /** Asks for free memory, but only an Espruino with the packet protocol, which shows nothing on its console. */
  private async poll(): Promise<void> {
    const espruino = this.espruino;
    // One question at a time: a board that is busy answers late.
    if (!espruino || this.polling) return;
    this.polling = true;
    try {
      const name = await espruino.knock(ENQUIRY);
      if (!name || Number.parseFloat(name.version.replace("v", ".")) < 2.25) return;
      this.status.free = Number(await espruino.evaluate("process.memory(false).free"));
    } catch {
      this.status.free = undefined;
    } finally {
      this.polling = false;
    }
  }
}
