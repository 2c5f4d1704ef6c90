// What an upload brings to a board, and what it needs there: from the program, the configuration and what goes with them.

import type { Program } from "../../board/virtual/program.ts";
import { serversIn } from "./broker-url.ts";
import type { Json } from "./config.ts";
import type { Needs } from "./inspect.ts";
import { type File, storedBytes } from "./storage-files.ts";

/** All that is known before a board is touched. */
export interface Prepared {
  files: File[];
  needs: Needs;
  /** The log level in the configuration. */
  level: number;
  /** What the owner has to know besides. */
  advice?: string;
}

/** What goes to the board, found good. */
export interface Load {
  program: Program;
  /** The configuration, a client's certificate and key. */
  own: File[];
  /** The text of Espruino's ws module, where the program needs it. */
  ws?: Buffer;
  /** Whether the broker is reached by the engine's TLS, whether that is allowed, whether by a pre-shared key. */
  tls: { connects: boolean; accepts: boolean; psk: boolean };
}

/** What a good configuration says of TLS: of its server, or of any of several. */
export function tlsIn(json: Json): Load["tls"] {
  const mqtt = json.mqtt as Json;
  const encrypted = serversIn(mqtt).filter(({ url }) => /^wss:/i.test(String(url)));
  const psk = encrypted.some(({ tls }) => typeof tls === "object");
  const connects = encrypted.some(({ tls }) => typeof tls !== "object");
  return { connects, accepts: connects || (!Array.isArray(mqtt.url) && mqtt.tls === "unverified"), psk };
}

export function loadOf(
  { program, own, ws, tls }: Load,
  advice: Pick<Needs, "smaller" | "withoutCrypto">,
): Pick<Prepared, "files" | "needs"> {
  // Without crypto the firmware says what it cannot do (a signature, a check of the handshake), and works; without dgram a
  // phone does not open the page of the setup by itself.
  const wanted = modulesIn(...Object.values(program)).filter((name) => name !== "crypto" && name !== "dgram");
  const files: File[] = [...own];
  for (const [name, text] of Object.entries(program))
    files.push({ name, bytes: Buffer.from(text, "latin1") });
  if (ws) {
    files.unshift({ name: "ws", bytes: ws });
    wanted.push(...modulesIn(ws.toString("latin1")));
  }
  // TLS with a key is made of its AES.
  if (tls.psk) wanted.push("crypto");
  // Only wss:// without a key needs TLS. Without it, a board that lacks TLS is accepted.
  const modules = [...new Set(wanted)].filter((name) => name !== "ws" && (name !== "tls" || tls.connects));
  return { files, needs: { modules, bytes: storedBytes(files), tls: tls.accepts, ...advice } };
}

/** Whether a program asks for a module. */
export function wants(program: Program, module: string): boolean {
  return modulesIn(...Object.values(program)).includes(module);
}

/** Names of the modules that some code asks for. */
export function modulesIn(...files: string[]): string[] {
  const code = files.join("\n");
  return [...new Set([...code.matchAll(/\brequire\((["'])([\w-]+)\1\)/g)].map((found) => found[2]!))];
}
