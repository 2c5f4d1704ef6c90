// A conversation with Espruino's console: make contact, evaluate an expression, get its value. It uses the packet
// protocol of 2v25 and later: acknowledged, without echo, undisturbed by the board's log.

import { Failure } from "../failures.ts";
import {
  ANSWER_MS,
  ASK_AGAIN_MS,
  ASK_TRIES,
  CONTACT_MS,
  KNOCK_MS,
  PIECE_BYTES,
  PIECE_PAUSE_MS,
  REASON_MS,
  SILENCE_TRIES,
} from "../limits.ts";
import { ConsoleStream } from "./console-stream.ts";
import { type Line, unplugged } from "./line.ts";
import { question } from "./question.ts";

const CTRL_C = "\x03";
/** Asks for the board's name; the console answers only while its input line is empty. */
export const ENQUIRY = "\x05";
/** Erases the input line. */
const ERASE_LINE = "\x1b[2H";
/** The same question as a line, without echo: old Espruinos do not know the enquiry, a locked console answers lines only. */
const ENQUIRY_LINE = '\x10print("Espruino "+process.env.VERSION+" "+process.env.BOARD)\n';
/** What contact is sought with, in turn: not to interrupt the running program, to interrupt it, to type a line. */
const KNOCKS = [ERASE_LINE + ENQUIRY, CTRL_C + ERASE_LINE + ENQUIRY, ERASE_LINE + ENQUIRY_LINE];

/** Restarts the board by the newest way that its Espruino has, after a delay, so that the answer gets through. */
export const REBOOT = "setTimeout(function(){E.reboot?E.reboot():ESP32.reboot()},100)";

/** The words of a board that gives no reason. */
const WORDLESS = "without a word";

export interface Name {
  version: string;
  board: string;
}

interface Waiting {
  ack?(): void;
  nak?(): void;
  packet?(payload: string): void;
  line?(text: string): void;
  fail(failure: Failure): void;
}

export class Espruino {
  /** Called with each line that is not an answer: of the firmware's log, of the console itself. */
  onLine: (text: string) => void = () => {};
  private readonly stream: ConsoleStream;
  private waiting: Waiting | undefined;
  private asked = 0;
  private broken: Failure | undefined;
  /** Whether the console has asked for a password. */
  private locked = false;
  /** Whether the console has lost bytes: from then on it gets small pieces. */
  private lossy = false;
  /** Bytes heard since contact was sought. */
  private heard = 0;

  constructor(
    private readonly line: Line,
    private readonly path: string,
  ) {
    this.stream = new ConsoleStream({
      line: (text) => (this.waiting?.line ?? this.onLine)(text),
      ack: () => this.waiting?.ack?.(),
      nak: () => this.waiting?.nak?.(),
      packet: (payload) => this.waiting?.packet?.(payload),
    });
    line.onBytes = (bytes) => {
      this.heard += bytes.length;
      this.stream.take(bytes);
    };
    line.onGone = () => this.fail(unplugged(path));
  }

  /** Ends this conversation: the present question and all later ones fail with this. */
  fail(failure: Failure): void {
    this.broken ??= failure;
    this.waiting?.fail(failure);
  }

  /** Allows questions again after a failure, for the clean-up, if the port is still there. */
  recover(): void {
    if (this.line.alive) this.broken = undefined;
  }

  /** Knocks until the board answers with its name. */
  async contact(timeoutMs = CONTACT_MS): Promise<Name> {
    this.heard = 0;
    const end = Date.now() + timeoutMs;
    for (let i = 0; Date.now() < end; i++) {
      const name = await this.knock(KNOCKS[i % KNOCKS.length]);
      if (name) return name;
      if (this.locked) throw new Failure("locked", `the console on ${this.path} wants a password`);
    }
    if (this.heard) throw new Failure("board", `${this.path} talks, but does not answer as Espruino does`);
    throw new Failure("silent", `no answer on ${this.path} in ${timeoutMs / 1000} s`);
  }

  /** Asks for the name; undefined without an answer. */
  async knock(question = KNOCKS[0]!): Promise<Name | undefined> {
    this.locked = false;
    const answer = this.wait<Name | undefined>(KNOCK_MS, (done) => ({
      line: (text) => {
        const found = /(?:^|[^\w])Espruino (\dv\S+) (\S+)\s*$/.exec(text);
        if (found) done({ version: found[1]!, board: found[2]! });
        else this.onLine(text);
        if (!/^(password>)?\s*Invalid password$/.test(text)) return;
        this.locked = true;
        done(undefined);
      },
    }));
    await this.send(Buffer.from(question, "latin1"));
    return answer;
  }

  /**
   * The value of an expression as Espruino's E.toJS writes it. A question that arrives garbled is asked again, so the
   * expression must be safe to run twice. Throws {@link Refusal} if the expression throws.
   */
  async evaluate(expression: string, timeoutMs = ANSWER_MS): Promise<string> {
    let refusal: Refusal | undefined;
    let silences = 0;
    for (let tries = 0; tries < ASK_TRIES && silences < SILENCE_TRIES; tries++) {
      const answer = await this.once(expression, timeoutMs);
      if (typeof answer === "string") return answer;
      if (!answer) silences++;
      // The board still waits for the rest of a question, or refuses it without a word after 5 s.
      if (!answer || answer.words === WORDLESS) this.lossy = true;
      refusal = answer;
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
    throw refusal ?? new Failure("silent", `the board on ${this.path} stopped answering`);
  }

  /** One question: its answer, the board's refusal, or undefined without either. */
  private async once(expression: string, timeoutMs: number): Promise<string | Refusal | undefined> {
    const tag = `[${++this.asked},`;
    let words = "";
    let denied = false;
    const bytes = question(expression, this.asked);
    const sendingMs = this.lossy ? (bytes.length / PIECE_BYTES) * PIECE_PAUSE_MS : 0;
    const answer = this.wait<string | Refusal>(timeoutMs + sendingMs, (done) => ({
      // A late answer to an earlier question has another number.
      packet: (payload) => payload.startsWith(tag) && done(payload.slice(tag.length, -1)),
      // The reason comes before or after the refusal, as a line.
      nak: () => {
        denied = true;
        setTimeout(() => done(new Refusal(words || WORDLESS)), words ? 0 : REASON_MS);
      },
      line: (text) => {
        this.onLine(text);
        if (/Uncaught|ERROR|MEMORY/.test(text)) words ||= text;
        else return;
        if (denied) done(new Refusal(words));
      },
    }));
    await this.send(bytes);
    return answer;
  }

  /** The value of an expression, transferred as JSON. */
  async ask<T>(expression: string, timeoutMs?: number): Promise<T> {
    const text = await this.evaluate(`JSON.stringify(${expression})`, timeoutMs);
    try {
      return JSON.parse(JSON.parse(text)) as T;
    } catch {
      throw new Failure("silent", `the board on ${this.path} gave an answer that makes no sense`);
    }
  }

  /** Types a line, as a person would. */
  type(line: string): Promise<void> {
    return this.send(Buffer.from(`${line}\n`, "utf8"));
  }

  private async send(bytes: Uint8Array): Promise<void> {
    if (this.broken) throw this.broken;
    const step = this.lossy ? PIECE_BYTES : bytes.length;
    try {
      for (let at = 0; at < bytes.length; at += step) {
        if (at) await new Promise((done) => setTimeout(done, PIECE_PAUSE_MS));
        await this.line.write(bytes.subarray(at, at + step));
      }
    } catch (error) {
      // This also ends the wait that has begun already.
      this.fail(error as Failure);
      throw error;
    }
  }

  /** Waits until one of the handlers calls `done`; undefined after `ms`. There is only one wait at a time. */
  private wait<T>(
    ms: number,
    handlers: (done: (value: T) => void) => Omit<Waiting, "fail">,
  ): Promise<T | undefined> {
    const result = new Promise<T | undefined>((resolve, reject) => {
      const finish = (act: () => void) => {
        // A handler may call twice, the second time when another question waits.
        if (this.waiting !== waiting) return;
        clearTimeout(timer);
        this.waiting = undefined;
        act();
      };
      const timer = setTimeout(() => finish(() => resolve(undefined)), ms);
      const waiting: Waiting = {
        ...handlers((value) => finish(() => resolve(value))),
        fail: (failure) => finish(() => reject(failure)),
      };
      this.waiting = waiting;
      if (this.broken) this.waiting.fail(this.broken);
    });
    // The caller awaits it later; until then it must not count as an unhandled rejection.
    result.catch(() => {});
    return result;
  }
}

/** The board threw while it evaluated. */
export class Refusal extends Failure {
  /** @param words the board's own message */
  constructor(readonly words: string) {
    super("refused", `the board refused a command (${words})`);
  }
}
