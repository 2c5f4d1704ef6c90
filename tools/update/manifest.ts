// The manifest of an update: what a board must know of a program before it fetches a byte of it. JSON, signed as it stands.

import { createHash } from "node:crypto";
import { nameOf } from "../../board/virtual/program.ts";
import { VERSION } from "../../src/config/boot.ts";
import { Failure } from "../failures.ts";

/** Name of this firmware: programs of others are refused. It is the context of the signature, too. */
export const PRODUCT = "espruino-mqtt-ws";
/** Most bytes of a manifest: a board refuses a longer one unread. */
export const MAX_MANIFEST_BYTES = 512;
/** Most characters of a version. */
const MAX_VERSION = 32;
/** A board counts in 32 bits. */
export const MAX_COUNTER = 2 ** 31 - 1;
/** Form of a version of Espruino. */
export const ENGINE = /^\d{1,2}v\d{1,3}$/;

export interface Manifest {
  product: string;
  app: string;
  profile: string;
  transport: string;
  /** Version of the firmware. */
  version: string;
  /** Must rise with every update. */
  counter: number;
  /** The program as the board's record names it: its checksum, bytes of its boot code, bytes of its file. */
  program: string;
  sha256: string;
  /** Oldest and newest Espruino that it runs on. */
  oldest: string;
  newest: string;
  /** Per cent of the boards that take it by themselves. */
  share: number;
}

/** All of a manifest but what the program's file says. */
export type Terms = Pick<
  Manifest,
  "app" | "profile" | "transport" | "counter" | "oldest" | "newest" | "share"
>;

export function manifestOf(code: string, terms: Terms): Manifest {
  const { app, profile, transport, counter, oldest, newest, share } = terms;
  const bytes = Buffer.from(code, "latin1");
  return {
    product: PRODUCT,
    ...{ app, profile, transport },
    version: VERSION,
    counter,
    program: nameOf(code),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    ...{ oldest, newest, share },
  };
}

/** The bytes that are signed and published. */
export function manifestBytes(manifest: Manifest): Buffer {
  const bytes = Buffer.from(JSON.stringify(manifest));
  if (bytes.length <= MAX_MANIFEST_BYTES) return bytes;
  throw new Failure(
    "usage",
    `the manifest has ${bytes.length} bytes, ${MAX_MANIFEST_BYTES} at most`,
    "choose a shorter --app",
  );
}

/** Form of each member. */
const FORMS: { [K in keyof Manifest]: (value: unknown) => boolean } = {
  product: (value) => value === PRODUCT,
  app: isWord,
  profile: isWord,
  transport: isWord,
  version: (value) => isWord(value) && (value as string).length <= MAX_VERSION,
  counter: (value) => isWhole(value, 1, MAX_COUNTER),
  program: (value) => typeof value === "string" && /^[0-9a-f]{8} \d{1,8} \d{1,8}$/.test(value),
  sha256: (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
  oldest: (value) => typeof value === "string" && ENGINE.test(value),
  newest: (value) => typeof value === "string" && ENGINE.test(value),
  share: (value) => isWhole(value, 1, 100),
};

/** The manifest in a message, or what is wrong with it. */
export function parseManifest(bytes: Buffer): Manifest | { wrong: string } {
  if (bytes.length > MAX_MANIFEST_BYTES)
    return { wrong: `it has ${bytes.length} bytes, ${MAX_MANIFEST_BYTES} at most` };
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return { wrong: "it is not JSON" };
  }
  if (typeof value !== "object" || value === null) return { wrong: "it is no object" };
  const members = value as Record<string, unknown>;
  const wrong = Object.entries(FORMS).find(([name, isGood]) => !isGood(members[name]));
  return wrong ? { wrong: `its "${wrong[0]}" is missing or wrong` } : (value as Manifest);
}

/** Bytes of the program's file. */
export function sizeOf({ program }: Manifest): number {
  return Number(program.split(" ")[2]);
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[\w.+-]{1,64}$/.test(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** A version of Espruino as a number that can be compared. */
export function engineNumber(version: string): number {
  const [major, minor] = version.split("v").map(Number);
  return major! * 1000 + minor!;
}
