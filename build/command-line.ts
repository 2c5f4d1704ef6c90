// Command lines: one way to declare options, one style of help and of errors. Node parses the words.

import { type ParseArgsConfig, parseArgs } from "node:util";

/** An option. Without `value` it is a flag. */
export interface Option {
  /** Placeholder of its value in the help: NAME, FILE. */
  value?: string;
  default?: string;
  short?: string;
  /** One sentence of help. It may have line breaks. */
  says: string;
}

export type Options = Record<string, Option>;

/** The values of options: a text for an option with a value, a boolean for a flag. */
export type Values<T extends Options> = {
  -readonly [K in keyof T]: T[K] extends { value: string }
    ? T[K] extends { default: string }
      ? string
      : string | undefined
    : boolean;
};

/** A wrong command line. The message is one sentence without its full stop. */
export class UsageError extends Error {}

export const HELP = { help: { short: "h", says: "this text" } } as const;

/** Parses the words of a command line to options and other words. Throws {@link UsageError}. */
export function readWords<T extends Options>(args: string[], options: T, positionals = false) {
  const known: ParseArgsConfig["options"] = {};
  for (const [name, { value, short, default: usual }] of Object.entries(options))
    known[name] = {
      ...(value === undefined ? { type: "boolean", default: false } : { type: "string", default: usual }),
      ...(short && { short }),
    } as const;
  try {
    const found = parseArgs({ args, options: known, allowPositionals: positionals, strict: true });
    return { values: found.values as Values<T>, positionals: found.positionals };
  } catch (error) {
    throw new UsageError((error as Error).message.split(". ")[0]!.replace(/\.$/, ""));
  }
}

/** Column at which the second column of the help begins. */
const COLUMN = 21;

/** The help of options, one for each line. */
export function helpOf(options: Options): string {
  return Object.entries(options)
    .map(([name, { value, says }]) => {
      const left = `  --${[name, value].filter(Boolean).join(" ")}`;
      return `${left.padEnd(COLUMN)}${says.replaceAll("\n", `\n${" ".repeat(COLUMN)}`)}\n`;
    })
    .join("");
}

/** Checks the form of a value. Throws {@link UsageError}. */
export function checked(name: string, text: string, pattern: RegExp, expected: string): string {
  if (!pattern.test(text)) throw new UsageError(`--${name}: expected ${expected}, got "${text}"`);
  return text;
}
