// The board's serial console: prints values as the engine does, and cuts the stream of bytes into lines.
import { asBytes, toText } from "./bytes.ts";

/** Collects bytes and hands over whole lines, decoded as UTF-8 the way a terminal does. */
export class Serial {
  private rest = "";
  constructor(private readonly onLine: (line: string) => void) {}

  /** Prints values as `console.log` does. Throws when a string has a character above 255. */
  print(...values: unknown[]): void {
    this.write(`${values.map(show).join(" ")}\n`);
  }

  /** Writes bytes to the console. */
  write(text: string): void {
    const lines = (this.rest + asBytes(text, "console")).split("\n");
    this.rest = lines.pop() as string;
    for (const line of lines) this.onLine(toText(line).replace(/\r$/, ""));
  }
}

/** A value as the engine prints it: strings as they are, objects like JSON with blanks, on one line. */
export function show(value: unknown): string {
  return typeof value === "string" ? value : inner(value, []);
}

function inner(value: unknown, above: unknown[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "function () { [code] }";
  if (value === null || typeof value !== "object") return String(value);
  if (above.includes(value)) return " ... ";
  const deeper = [...above, value];
  if (ArrayBuffer.isView(value)) {
    return `new ${value.constructor.name}([${Array.from(value as Uint8Array).join(", ")}])`;
  }
  if (Array.isArray(value)) return `[ ${value.map((item) => inner(item, deeper)).join(", ")} ]`;
  if (isError(value)) return `${value.name}: ${String(value)}`;
  const fields = Object.keys(value).map(
    (key) => `${JSON.stringify(key)}: ${inner((value as Record<string, unknown>)[key], deeper)}`,
  );
  return `{ ${fields.join(", ")} }`;
}

function isError(value: object): value is Error {
  return Object.prototype.toString.call(value) === "[object Error]";
}

/** An uncaught exception as the console shows it, with its stack trace in the firmware. */
export function uncaught(error: unknown): string {
  const where = typeof error === "object" && error !== null && isError(error) ? (error.stack ?? "") : "";
  const frames = where.split("\n").filter((line) => /^\s+at .*\.bootcde/.test(line));
  return [`Uncaught ${String(error)}`, ...frames.slice(0, 5)].join("\n");
}
