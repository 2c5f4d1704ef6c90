// The text of Espruino's module `ws`. It is fetched once from Espruino's own place; the user's cache keeps it with its hash; it
// is trusted on first use. It is not ours and never enters the repository.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failures.ts";
import { FETCH_MS, MAX_MODULE_BYTES } from "../limits.ts";
import { cacheFolder, userPath } from "../paths.ts";

export interface WsOptions {
  /** A file that the user names. */
  ws?: string;
  /** Accept a module that is not the trusted one, and trust it from now on. */
  acceptWs: boolean;
  /** URL or folder of Espruino's modules; default: Espruino's own. */
  modules?: string;
}

/** The module's bytes, by `ws` if given, else from the cache, else from the network. */
export async function wsModule(
  options: WsOptions,
  say: (text: string) => void,
  folder = cacheFolder(),
): Promise<Buffer> {
  const trusted = readHash(folder);
  if (options.ws !== undefined) return trust(readFile(options.ws), trusted, options, folder, say);
  const kept = options.acceptWs ? undefined : readKept(folder);
  if (kept && hash(kept) === trusted) return kept;
  say("fetching Espruino's ws module");
  return trust(await fetchModule(options.modules), trusted, options, folder, say);
}

function trust(
  bytes: Buffer,
  trusted: string | undefined,
  { acceptWs }: WsOptions,
  folder: string,
  say: (text: string) => void,
): Buffer {
  check(bytes);
  const now = hash(bytes);
  if (trusted !== undefined && now !== trusted) {
    if (!acceptWs) {
      throw new Failure(
        "changed",
        `the ws module has changed: it was ${trusted.slice(0, 12)}, it is ${now.slice(0, 12)}`,
      );
    }
    say(`the ws module has changed and is accepted: ${now.slice(0, 12)}`);
  } else if (trusted === undefined) say(`trusting this ws module from now on: ${now.slice(0, 12)}`);
  keep(folder, bytes, now);
  return bytes;
}

/** Throws for a text that cannot be the module: an error page, an empty file. */
function check(bytes: Buffer): void {
  const text = bytes.toString("latin1");
  if (bytes.length > MAX_MODULE_BYTES || !text.includes("exports") || !text.includes("Sec-WebSocket")) {
    throw new Failure("module", "what should be the ws module is something else");
  }
}

/** Espruino's own place of its modules, and the ends of their names there. */
const MODULES = "https://www.espruino.com/modules";
const ENDS = [".min.js", ".js"];

async function fetchModule(place = MODULES): Promise<Buffer> {
  for (const end of ENDS) {
    const bytes = await fetched(`${place}/ws${end}`).catch(() => undefined);
    if (bytes?.length) return bytes;
  }
  throw new Failure("module", "the ws module cannot be fetched");
}

/** A file, or what a URL has; undefined if the server has nothing there. */
async function fetched(place: string): Promise<Buffer | undefined> {
  if (!/^https?:/i.test(place)) return readFileSync(userPath(place));
  const answer = await fetch(place, { signal: AbortSignal.timeout(FETCH_MS) });
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(userPath(file));
  } catch {
    throw new Failure("file", `${file} cannot be read`);
  }
}

function keep(folder: string, bytes: Buffer, sum: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "ws.js"), bytes);
    writeFileSync(join(folder, "ws.sha256"), `${sum}\n`);
  } catch {
    throw new Failure("file", `${folder} cannot be written`);
  }
}

function readKept(folder: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, "ws.js"));
  } catch {
    return undefined;
  }
}

function readHash(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, "ws.sha256"), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
