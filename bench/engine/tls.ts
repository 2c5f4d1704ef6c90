// What TLS with a pre-shared key costs on an engine: instructions of the handshake and of its largest callback, of sealing and
// opening a record of 200 bytes, and JsVars while connected. `npm run bench:engine -- tls`; wants mosquitto and valgrind.
import { BOOT_CODE, programIn, scriptOf } from "../../board/virtual/program.ts";
import { buildFile } from "../../build/own.ts";
import { newTls } from "../../src/tls/tls.ts";
import { mosquittoPorts } from "../../test/brokers/mosquitto.ts";
import { PSK, pskServer } from "../../test/brokers/psk.ts";
import { Front } from "../../test/brokers/tls.ts";
import { Engine } from "../../test/engine/engine.ts";
import { driven } from "../../test/tls/client.ts";
import { crypto } from "../../test/tls/rig.ts";
import { IDENTITY, KEY, TlsServer } from "../../test/tls/server.ts";
import { Callgrind } from "./callgrind.ts";
import { connected } from "./measure.ts";
import type { Stack } from "./stack.ts";
import { ours } from "./stacks.ts";

/** The function of the engine that each callback ends with: callgrind begins to count again there. */
const MARK = "jswrap_espruino_getErrorFlags";
const LAST_MS = 300_000;
const TIMES = 20;

/** TLS with what the board lends to it. Each job ends with a mark. */
const PROGRAM = `
import { nativeCrypto } from "../board/esp32/psk.ts";
import { newTls, goOn } from "../src/tls/tls.ts";
declare function fileOf(name: string): string;
var native = nativeCrypto();
var psk = { identity: "${IDENTITY}", key: fileOf("key"), start: 1, connections: 1 };
var first = fileOf("first"), last = fileOf("last"), data = fileOf("data"), text = fileOf("text"), size = data.length / ${TIMES};
process.memory();
E.getErrorFlags();
var tls = newTls(native, psk, "broker", "noise");
E.getErrorFlags();
tls.takeBytes(tls, first);
E.getErrorFlags();
goOn(tls); E.getErrorFlags();
goOn(tls); E.getErrorFlags();
goOn(tls); E.getErrorFlags();
tls.takeBytes(tls, last);
E.getErrorFlags();
for (var i = 0; i < ${TIMES}; i++) { var piece = data.substr(i * size, size); var got = tls.takeBytes(tls, piece); }
E.getErrorFlags();
for (var j = 0; j < ${TIMES}; j++) var sealed = tls.sealRecord(tls, 23, text);
E.getErrorFlags();
for (var k = 0; k < ${TIMES}; k++) var nothing = data.substr(k * size, size);
E.getErrorFlags();
print("state", tls.state, got.length, sealed.length);
quit();
`;

export interface TlsCost {
  /** Instructions of each callback of the handshake. */
  callbacks: number[];
  /** Of a record with 200 bytes. */
  seal: number;
  open: number;
}

/** Needs valgrind. With an engine whose flash is mapped into memory the code may stay there. */
export async function tlsCost(): Promise<TlsCost> {
  const psk = { identity: IDENTITY, key: KEY, start: 1, connections: 1 };
  const server = new TlsServer();
  const client = newTls(crypto, psk, "broker", "noise");
  const flights = driven(client, server);
  let data = "";
  for (let i = 0; i < TIMES; i++) data += server.seal(23, "x".repeat(200));
  const files = { key: KEY, first: flights.first, last: flights.last, data, text: "y".repeat(200) };
  const program = programIn(await buildFile("entry/tls.ts", {}, PROGRAM));
  const callgrind = new Callgrind([MARK]);
  const engine = new Engine({ ...files, ...program, [BOOT_CODE]: "" });
  try {
    const inRam = 'function fileOf(name){return E.toString(require("Storage").read(name),"")}';
    const script = scriptOf(program).replace('require("Storage").read', "fileOf");
    engine.boot(inRam + script, callgrind.tool());
    await engine.line(/^state 8 200 \d/, LAST_MS);
    await engine.ended();
    const dumps = callgrind.counts();
    const loop = dumps[8]! / TIMES;
    return { callbacks: dumps.slice(0, 6), open: dumps[6]! / TIMES - loop, seal: dumps[7]! / TIMES - loop };
  } finally {
    await engine.off();
    callgrind.off();
  }
}

/** The same stack over wss:// with a key. */
export function overPsk(stack: Stack, port: number): Stack {
  const config = JSON.parse(stack.files["config.json"]!);
  config.mqtt.url = `wss://127.0.0.1:${port}/mqtt`;
  config.mqtt.tls = { psk: PSK };
  return { ...stack, files: { ...stack.files, "config.json": JSON.stringify(config) } };
}

/** JsVars connected: without TLS, and what TLS adds. Code in flash. */
export async function tlsJsVars(lean: boolean): Promise<{ plain: number; more: number }> {
  const cleanup: (() => unknown)[] = [];
  const t = { after: (fn: () => unknown) => void cleanup.push(fn) };
  try {
    const ports = await mosquittoPorts(t as never);
    const front = await Front.start(t as never, ports.ws, pskServer());
    const stack = await ours("full", lean, ports);
    const plain = await connected(stack, "flash");
    return { plain, more: (await connected(overPsk(stack, front.port), "flash")) - plain };
  } finally {
    for (const each of cleanup.reverse()) await each();
  }
}

/** All of it in lines. */
export async function tlsFigures(): Promise<string> {
  const millions = (n: number) => (n / 1e6).toFixed(2);
  const { callbacks, seal, open } = await tlsCost();
  const all = callbacks.reduce((sum, each) => sum + each, 0);
  const lines = [
    `handshake: ${millions(all)} M instructions, in callbacks of ${callbacks.map(millions).join(", ")} M`,
    `200 bytes sealed: ${millions(seal)} M, opened: ${millions(open)} M`,
  ];
  for (const lean of [true, false]) {
    const { plain, more } = await tlsJsVars(lean);
    lines.push(`${lean ? "own handshake" : "stock ws"}: ${plain} JsVars connected, TLS adds ${more}`);
  }
  return lines.join("\n");
}
