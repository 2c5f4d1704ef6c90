// `npm run size`: what each bundle weighs, and which part of the source its bytes come from. Raw bytes, not
// compressed: Espruino keeps the text as it is. The README shows this very table (test/readme.test.ts).

import { readFileSync, writeFileSync } from "node:fs";
import { type EachMapping, eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { rollup } from "rollup";
import { firmware } from "../rollup.config.js";

/** Espruino's own modules, minified by terser with the firmware's settings for comparison; 2v29's sources. */
const ESPRUINO_MODULES = { ws: 3755, MQTT: 5491, tinyMQTT: 1629 };

/** Parts of the source by the beginning of their path; the first that fits. */
const PARTS: [start: string, part: string][] = [
  ["src/log", "log, hexdump"],
  ["src/mqtt/qos2", "MQTT: QoS 2"],
  ["src/mqtt/receive", "MQTT: packets from any pieces, strictness, draining"],
  ["src/mqtt/handlers", "MQTT: what a server sends"],
  ["src/mqtt/client", "MQTT: conversation, keep alive, hidden secrets"],
  ["src/mqtt/request", "MQTT: publish, subscribe, identifiers"],
  ["src/mqtt/session", "MQTT: session"],
  ["src/mqtt/write", "MQTT: the outbox leaves, in pieces, as the line takes it"],
  ["src/mqtt/saved", "MQTT: the outbox as bytes"],
  ["src/mqtt", "MQTT: fields, UTF-8, topics, encoding"],
  ["src/ws/handshake", "WebSocket: handshake and its failures in words"],
  ["src/ws", "WebSocket: frames, PING, CLOSE"],
  ["src/saver", "link: the outbox in flash"],
  ["src/back-off", "link: waits by class of failure"],
  ["src/rescue", "link: restarts, faults of the engine"],
  ["src/l", "link: the ladder, deadlines"],
  ["src/config", "config.json: every mistake named"],
  ["src/url", "mqtt.url"],
  ["src/boot", "power-on, defaults"],
  ["src/profile", "profile: reasons in words, rules"],
  ["src/app", "application hello"],
  ["board/esp32/tls", "wss: memory, client certificate, handshake"],
  ["board/esp32", "board: Wi-Fi, ws module, clock, randomness, masking, words"],
];

/** Bytes of a bundle by part of the source, from its source map. */
async function bytesByPart(entry: string): Promise<{ total: number; parts: Map<string, number> }> {
  const build = await rollup({ input: `board/esp32/${entry}.ts`, plugins: firmware({ sourcemap: true }) });
  const { output } = await build.generate({
    format: "iife",
    generatedCode: "es5",
    strict: false,
    sourcemap: true,
  });
  await build.close();
  const { map } = output[0];
  const code = output[0].code.replace(/\n\/\/# sourceMappingURL.*/, "");
  const parts = new Map<string, number>();
  let before: EachMapping | undefined;
  const count = (until: number) => {
    if (!before) return;
    const source = before.source?.replace(/^(\.\.\/)+/, "") ?? "";
    const part = PARTS.find(([start]) => source.startsWith(start))?.[1] ?? "the bundle's own";
    parts.set(part, (parts.get(part) ?? 0) + until - before.generatedColumn);
  };
  eachMapping(new TraceMap(JSON.stringify(map)), (mapping) => {
    if (mapping.generatedLine !== 1) return;
    count(mapping.generatedColumn);
    before = mapping;
  });
  count(code.trimEnd().length);
  return { total: code.trimEnd().length, parts };
}

/** The table, as Markdown. */
export async function sizeReport(): Promise<string> {
  const full = await bytesByPart("main-hello");
  const tiny = await bytesByPart("main-hello-tiny");
  const rows = [["part", "hello.js", "hello-tiny.js"]];
  for (const part of [...PARTS.map(([, part]) => part), "the bundle's own"]) {
    rows.push([part, `${full.parts.get(part) ?? 0}`, `${tiny.parts.get(part) ?? 0}`]);
  }
  rows.push(["**together, bytes**", `**${full.total}**`, `**${tiny.total}**`]);
  const stock = Object.entries(ESPRUINO_MODULES).map(([name, bytes]) => `\`${name}\` ${bytes}`);
  const lines = rows.map((row) => `| ${row.join(" | ")} |`);
  lines.splice(1, 0, "|---|---|---|");
  return `${lines.join("\n")}\n\nFor comparison, Espruino's own modules minified, without any of what is above but the protocol: ${stock.join(", ")} bytes.`;
}

if (process.argv[1]?.endsWith("size.ts")) {
  const report = await sizeReport();
  console.log(report);
  if (process.argv.includes("--write")) {
    const readme = readFileSync("README.md", "utf8");
    const block = /<!-- size -->[\s\S]*<!-- \/size -->/;
    writeFileSync("README.md", readme.replace(block, `<!-- size -->\n${report}\n<!-- /size -->`));
  }
  for (const name of ["hello", "hello-tiny"]) {
    const built = readFileSync(`dist/${name}.js`, "utf8").trimEnd().length;
    console.log(`dist/${name}.js as built: ${built} bytes`);
  }
}
