// `npm run size`: the size of each bundle, and the part of the source that its bytes come from. Raw bytes, not
// compressed, because Espruino stores the text unchanged. docs/sizes-and-bench.md shows this table.

import { type EachMapping, eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { ensureBundle } from "../build/ensure.ts";
import { buildRow } from "../build/own.ts";
import { FILE } from "../build/parts.ts";
import { freshStamp } from "../build/stamp.ts";

/** Espruino's own modules, minified by terser with the firmware's settings for comparison; 2v29's sources. */
const ESPRUINO_MODULES = { ws: 3755, MQTT: 5491, tinyMQTT: 1629 };

/** Parts of the source by the beginning of their path; the first match counts. */
const PARTS: [start: string, part: string][] = [
  ["src/log", "log, hexdump"],
  ["src/mqtt/short", "MQTT: short ways of messages"],
  ["src/mqtt/qos2", "MQTT: QoS 2"],
  ["src/mqtt/receive", "MQTT: packets from any pieces, strictness, draining"],
  ["src/mqtt/handlers", "MQTT: what a server sends"],
  ["src/mqtt/client", "MQTT: conversation, keep alive, hidden secrets"],
  ["src/mqtt/request", "MQTT: publish, subscribe"],
  ["src/mqtt/outbox-bytes", "MQTT: the outbox as bytes"],
  ["src/mqtt/outbox", "MQTT: outbox, identifiers"],
  ["src/mqtt/session", "MQTT: session"],
  ["src/mqtt/write", "MQTT: sending, in pieces, as fast as the line takes them"],
  ["src/mqtt", "MQTT: fields, UTF-8, topics, encoding"],
  ["src/tls", "TLS with a pre-shared key"],
  ["src/hmac", "TLS with a pre-shared key"],
  ["board/esp32/psk", "TLS with a pre-shared key"],
  ["src/ws/handshake", "WebSocket: handshake and its failures in words"],
  ["src/ws", "WebSocket: frames, PING, CLOSE"],
  ["src/link/outbox-file", "link: the outbox in flash"],
  ["src/link/back-off", "link: waits by class of failure"],
  ["src/link/rescue", "link: restarts, faults of the engine"],
  ["src/l", "link: the ladder, deadlines"],
  ["src/config/check", "config.json: every mistake named"],
  ["src/config/url", "mqtt.url"],
  ["src/config/boot", "power-on, defaults"],
  ["src/config", "configuration: its keys, headers"],
  ["src/program", "program: its record, its trial"],
  ["src/profile", "profile: reasons in words, rules"],
  ["src/app", "application hello"],
  ["board/esp32/tls", "wss: memory, client certificate, handshake"],
  ["board/esp32", "board: Wi-Fi, ws module, clock, randomness, masking, words"],
];

/** Bytes that come from no source: the loader, and the positions of the parts in their file. */
const REST = "the loader, places of parts";

/** Bytes of a bundle by part of the source: bytes that are read at power-on, and bytes of its parts. */
interface Bytes {
  boot: Map<string, number>;
  parts: Map<string, number>;
  total: [boot: number, parts: number];
}

/** Counts with a source map, which only a bundle in one piece has: it does not contain the positions of parts yet. */
async function bytesOf(name: string): Promise<Bytes> {
  const { code, map } = await buildRow(name, { sourcemap: true });
  const begin = code.indexOf(FILE);
  const counted = { boot: new Map<string, number>(), parts: new Map<string, number>() };
  let before: EachMapping | undefined;
  const count = (until: number) => {
    if (!before) return;
    const source = before.source?.replace(/^(\.\.\/)+/, "") ?? "";
    const part = PARTS.find(([start]) => source.startsWith(start))?.[1] ?? REST;
    const bytes = before.generatedColumn < begin ? counted.boot : counted.parts;
    bytes.set(part, (bytes.get(part) ?? 0) + until - before.generatedColumn);
  };
  eachMapping(new TraceMap(JSON.stringify(map)), (mapping) => {
    if (mapping.generatedLine !== 1) return;
    count(mapping.generatedColumn);
    before = mapping;
  });
  count(code.replace(/\n\/\/# sourceMappingURL.*/, "").trimEnd().length);
  return { ...counted, total: await totalOf(name) };
}

async function totalOf(name: string): Promise<[number, number]> {
  await ensureBundle(name, () => {});
  const [boot, parts] = freshStamp(name)!.sizes;
  return [boot!, parts!];
}

/** The table, as Markdown. */
export async function sizeReport(): Promise<string> {
  const [full, tiny] = [await bytesOf("hello"), await bytesOf("hello-tiny")];
  const names = ["hello.js", "hello.parts", "hello-tiny.js", "hello-tiny.parts"];
  const columns = [full.boot, full.parts, tiny.boot, tiny.parts];
  const totals = [...full.total, ...tiny.total];
  const rows = [["part", ...names]];
  for (const part of new Set(PARTS.map(([, part]) => part)))
    rows.push([part, ...columns.map((bytes) => `${bytes.get(part) ?? 0}`)]);
  const sums = columns.map((bytes) =>
    [...bytes].reduce((sum, [part, n]) => sum + (part === REST ? 0 : n), 0),
  );
  rows.push([REST, ...totals.map((total, i) => `${total - sums[i]!}`)]);
  rows.push(["**together, bytes**", ...totals.map((total) => `**${total}**`)]);
  const stock = Object.entries(ESPRUINO_MODULES).map(([name, bytes]) => `\`${name}\` ${bytes}`);
  const lines = rows.map((row) => `| ${row.join(" | ")} |`);
  lines.splice(1, 0, "|---|---|---|---|---|");
  return `${lines.join("\n")}\n\nFor comparison, Espruino's own modules minified, without any of what is above but the protocol: ${stock.join(", ")} bytes.`;
}

if (process.argv[1]?.endsWith("size.ts")) {
  console.log(await sizeReport());
}
