// Command lines: one way to declare options, one style of help and of errors. The words are parsed by Node.

import { type ParseArgsConfig, parseArgs } from "node:util";

/** An option; one without `value` is a flag. */
export interface Option {
  /** What stands for its value in the help: NAME, FILE. */
  value?: string;
  default?: string;
  short?: string;
  /** One sentence of help. A further line of it begins with a line break. */
  says: string;
}

export type Options = Record<string, Option>;

/** The values of options: a text where a value is wanted, else whether the flag is given. */
export type Values<T extends Options> = {
  -readonly [K in keyof T]: T[K] extends { value: string }
    ? T[K] extends { default: string }
      ? string
      : string | undefined
    : boolean;
};

/** A command line that is wrong; the message is one sentence without its full stop. */
export class UsageError extends Error {}

export const HELP = { help: { short: "h", says: "this text" } } as const;

/** The values of the words of a command line, and what is no option. Throws {@link UsageError}. */
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

/** Where the second column of the help begins. */
const COLUMN = 21;

/** The help of options, one a line. */
export function helpOf(options: Options): string {
  return Object.entries(options)
    .map(([name, { value, says }]) => {
      const left = `  --${[name, value].filter(Boolean).join(" ")}`;
      return `${left.padEnd(COLUMN)}${says.replaceAll("\n", `\n${" ".repeat(COLUMN)}`)}\n`;
    })
    .join("");
}

/** A value that must look so. Throws {@link UsageError}. */
export function checked(name: string, text: string, pattern: RegExp, expected: string): string {
  if (!pattern.test(text)) throw new UsageError(`--${name}: expected ${expected}, got "${text}"`);
  return text;
}
