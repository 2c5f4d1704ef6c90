// What `until` waits for, found among what has happened. Each line, event and message counts once.
import { matches } from "./filters.ts";
import { type Awaited, EVENTS, type Message } from "./kit.ts";
import type { Login } from "./test-broker.ts";

/** Lines and messages that an error shows. */
const SHOWN = 20;

/** What has happened so far, oldest first. */
export interface Happened {
  lines: readonly string[];
  /** Of the board. */
  events: readonly string[];
  /** At the broker: of this board, or of a client that no virtual board is. */
  logins: readonly Login[];
  messages: readonly Message[];
}

export class Finder {
  /** Where the search goes on, by what is searched for. */
  private readonly next = new Map<string, number>();

  /** @param owner the board, as its connections name it */
  constructor(
    private readonly happened: () => Happened,
    private readonly owner?: object,
  ) {}

  /** What was waited for, undefined if it has not happened yet. */
  find(what: Awaited): unknown {
    const { lines, events, logins, messages } = this.happened();
    const key = describe(what);
    if (typeof what === "function") return what() || undefined;
    if (what instanceof RegExp) return this.take(key, lines, (line) => new RegExp(what, "").test(line));
    if (what === "connected" || what === "disconnected")
      return this.take(key, logins, ({ event, owner }) => event === what && this.isOurs(owner))?.event;
    if (isEvent(what)) return this.take(key, events, (event) => event === what);
    if (typeof what === "string") return this.take(key, lines, (line) => line === what);
    return this.take(key, messages, (message) => isMessage(what, message));
  }

  /** The last lines and messages, for an error, with a hint where the text was nearly right. */
  report(what: Awaited): string {
    const { lines, messages } = this.happened();
    const part =
      typeof what === "string" &&
      !isEvent(what) &&
      lines.find((line) => line !== what && line.includes(what));
    return [
      ...(part ? [`A line has it as a part: "${part}". A regular expression matches parts.`] : []),
      `The last lines of the console${lines.length ? ":" : ": none"}`,
      ...lines.slice(-SHOWN).map((line) => `  ${line}`),
      `The last messages at the broker${messages.length ? ":" : ": none"}`,
      ...messages.slice(-SHOWN).map(({ topic, payload }) => `  ${topic} ${payload.slice(0, 200)}`),
    ].join("\n");
  }

  private isOurs(owner: object | undefined): boolean {
    return owner === undefined || owner === this.owner;
  }

  private take<T>(key: string, all: readonly T[], fits: (one: T) => boolean): T | undefined {
    for (let at = this.next.get(key) ?? 0; at < all.length; at++) {
      if (!fits(all[at]!)) continue;
      this.next.set(key, at + 1);
      return all[at];
    }
    // The rest is searched once.
    this.next.set(key, Math.max(all.length, this.next.get(key) ?? 0));
    return undefined;
  }
}

/** In words, for an error. Throws on what cannot be waited for. */
export function describe(what: Awaited): string {
  if (typeof what === "function") return `a condition: ${what}`;
  if (what instanceof RegExp) return `a line that matches ${what}`;
  if (isEvent(what)) return `the event "${what}"`;
  if (typeof what === "string") return `the line "${what}"`;
  if (typeof what?.topic !== "string")
    throw new TypeError("until: expected a text, a regular expression, { topic, payload } or a function");
  const { topic, payload } = what;
  return `a message ${topic}${payload === undefined ? "" : ` ${payload}`}`;
}

function isEvent(what: unknown): boolean {
  return (EVENTS as readonly unknown[]).includes(what);
}

function isMessage(what: { topic: string; payload?: string | RegExp }, message: Message): boolean {
  const { payload } = what;
  if (!matches(what.topic, message.topic)) return false;
  return payload instanceof RegExp
    ? new RegExp(payload, "").test(message.payload)
    : payload === undefined || payload === message.payload;
}
