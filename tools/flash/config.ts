// Checks config.json before it goes to the board: its syntax, the example's placeholders, the firmware's own rules.
// Never prints a value: it may be a secret.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { decodeConfig, parseJson, placeIn } from "../config-text.ts";
import { Failure } from "../failures.ts";
import { ROOT } from "../paths.ts";

export const EXAMPLE = join(ROOT, "board/config.example.json");
/** Keys whose value in the example is a placeholder. */
const PLACEHOLDERS = [
  ["wifi", "ssid"],
  ["wifi", "password"],
  ["mqtt", "url"],
] as const;
/** Mistakes and remarks in the firmware's log. */
const MISTAKE = /^[0-9a-f]+ 1 config (.*)$/;
/** Judged: a board with a mistake opens its access point, if it can be set up without a cable. */
const ACCEPTED = /^[0-9a-f]+ 2 (boot|wifi|setup) /;
const REMARK = /^[0-9a-f]+ 2 config (.*)$/;

export type Json = Record<string, unknown>;

/** Reads a file, which is `shown` to the user; `undefined` if there is none. */
export function readConfig(file: string, shown = file): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure("file", `${file} cannot be read`);
  }
  const read = decodeConfig(bytes);
  if ("wrong" in read) throw new Failure("config", `${shown} ${read.wrong}`, read.remedy);
  return read.text;
}

/** The text as it goes to the board: raw UTF-8, because the engine misreads \u escapes. */
export function parseConfig(text: string, file: string): { json: Json; bytes: Buffer } {
  let json: unknown;
  try {
    json = parseJson(text, (key) => new Failure("config", `${file}: ${key} has half of a surrogate pair`));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("config", `${file} is not JSON${whereIn(text, error as Error)}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Failure("config", `${file} must hold an object {...}`);
  }
  refuseStars(json as Json, file);
  return { json: json as Json, bytes: Buffer.from(JSON.stringify(json)) };
}

/** The place of a mistake. The parser's own message quotes the text, which may hold a password. */
function whereIn(text: string, error: Error): string {
  const at = /position (\d+)/.exec(error.message)?.[1];
  if (at === undefined) return "";
  return placeIn(text, Number(at));
}

/** Throws if there are stars, which the device has shown in place of a secret. */
function refuseStars(json: Json, file: string): void {
  const starred = placesOfStars(json);
  if (starred.length)
    throw new Failure(
      "config",
      `${file} has *** as ${starred.join(" and ")}, the stars that config-get shows instead of it`,
      "put your own there",
    );
}

/** Throws if a placeholder of the example is still in it. */
export function refusePlaceholders(json: Json, file: string): void {
  const keys = placeholdersIn(json).join(" and ");
  if (keys) throw new Failure("config", `${file} still has the example's ${keys}`, "put your own there");
}

function placeholdersIn(json: Json): string[] {
  const example = JSON.parse(readFileSync(EXAMPLE, "utf8")) as Json;
  const left = PLACEHOLDERS.filter(([part, key]) => {
    const value = (json[part] as Json | undefined)?.[key];
    return value !== undefined && value === (example[part] as Json | undefined)?.[key];
  });
  return left.map((path) => path.join("."));
}

/** Every mistake in a configuration that is not complete yet, as "<key>: <what is expected>". */
export async function mistakesIn(program: Program, json: Json): Promise<string[]> {
  const old = placeholdersIn(json).map((key) => `${key}: expected your own, not the example's`);
  return [...old, ...(await verdictOn(CHIPS[0]!, program, json)).mistakes];
}

/** The keys whose text is only stars, or a URL with stars for its credentials or its query. */
function placesOfStars(value: unknown, path: string[] = []): string[] {
  if (typeof value === "string") return /^\*{3}$|:\/\/\*{3}@|\?\*{3}$/.test(value) ? [path.join(".")] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => placesOfStars(each, [...path, name]));
}

/** The chips whose pins a configuration may name. The board's own chip is not known yet. */
const CHIPS = ["ESP32", "ESP32C3", "ESP32S3"];

/**
 * Runs the bundle that is to be uploaded on a virtual board without Wi-Fi, and lets it judge the configuration: so
 * the rules are the firmware's, for every app and profile. Returns its remarks (unknown keys). Throws if it refuses.
 * A pin is good if one of the chips has it; the board itself reports pins that it lacks.
 */
export async function judgeConfig(program: Program, json: Json, file: string): Promise<string[]> {
  let refusal: unknown;
  for (const chip of CHIPS) {
    try {
      return await judgeOn(chip, program, json, file);
    } catch (error) {
      refusal ??= error;
      if (!(error instanceof Failure) || !/ (device\.pins|setup\.pin)\b/.test(error.message)) break;
    }
  }
  throw refusal;
}

async function judgeOn(chip: string, program: Program, json: Json, file: string): Promise<string[]> {
  const { mistakes, crash, remarks } = await verdictOn(chip, program, json);
  if (mistakes.length) throw new Failure("config", `${file} has a mistake in ${mistakes.join("; and in ")}`);
  if (crash !== undefined)
    throw new Failure("build", `the firmware fails before it has read its configuration (${crash})`);
  return remarks;
}

/** What the firmware says of a configuration on a chip. */
async function verdictOn(chip: string, program: Program, json: Json) {
  // A log level of 0 would hide the verdict. A wrong level stays, so that it is reported.
  const judged = [0, 1, 2, 3, 4].includes(json.log as number) ? { ...json, log: 2 } : json;
  const files = { "config.json": JSON.stringify(judged) };
  const board = new VirtualBoard({ code: program, files, chip });
  board.wifi.silent = true;
  try {
    board.boot();
    await board.until(() => board.idle || board.lines.some((line) => ACCEPTED.test(line)), "the verdict");
  } finally {
    board.off();
  }
  return {
    mistakes: board.lines.flatMap((line) => MISTAKE.exec(line)?.[1] ?? []),
    crash: board.lines.find((line) => /^Uncaught/.test(line)),
    remarks: board.lines.flatMap((line) => REMARK.exec(line)?.[1] ?? []),
  };
}
