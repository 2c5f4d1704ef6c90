// "Write your own app" of the manual: its very code is type-checked, built as the firmware is, and does what it says.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import mqtt from "mqtt";
import ts from "typescript";
import { programIn } from "../../board/virtual/program.ts";
import type { Bundle } from "../../build/bundles.ts";
import { programOf } from "../../build/compile.ts";
import { buildOwn } from "../../build/own.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { boardOf } from "../virtual/boards.ts";

const PAGE = existsSync("docs/own-app.md") ? "docs/own-app.md" : "README.md";
const SECTION = readFileSync(PAGE, "utf8").split("# Write your own app\n").at(-1)!;
/** The application's file, and its row of the table. */
const [APP, ROW] = [...SECTION.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
const FILE = "src/app/echo";

test("own app: the manual's code has no type errors", () => {
  const program = programOf(new Map([[`${FILE}.ts`, APP!]]));
  const found = ts.getPreEmitDiagnostics(program);
  assert.deepEqual(
    found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    [],
  );
});

test("own app: built as the manual says it echoes", { skip: missing("mosquitto") }, async (t) => {
  const [app, profile, transport] = [...ROW!.matchAll(/"(\w+)"/g)].map(([, word]) => word!);
  const start = {
    app: app!,
    file: FILE,
    start: app!,
    profile: profile!,
    transport: transport as Bundle["transport"],
  };
  const built = await buildOwn(start, { [`${FILE}.ts`]: APP! });
  const ports = await mosquittoPorts(t);
  const config = {
    wifi: { ssid: "virtual" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt` },
    app: { topic: "mine" },
    // Frames are lines.
    log: 3,
  };
  const board = boardOf(t, programIn(built), { files: { "config.json": JSON.stringify(config) } });
  board.boot();
  await board.untilLine(/GOT 5 bytes/);
  const other = mqtt.connect(`mqtt://127.0.0.1:${ports.tcp}`);
  t.after(() => other.end(true));
  await new Promise<void>((done) => other.once("connect", () => done()));
  await other.subscribeAsync("mine/out");
  const heard = new Promise((done) => other.on("message", (_topic, payload) => done(`${payload}`)));
  await other.publishAsync("mine/in", "hark");
  assert.equal(await heard, "hark");
});
