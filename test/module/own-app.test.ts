// "Write your own app" of the manual: its very code is type-checked, built as the firmware is, and does what it says.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import type { Bundle } from "../../build/bundles.ts";
import { programOf } from "../../build/compile.ts";
import { buildOwn } from "../../build/own.ts";
import { testBroker, virtualBoard } from "../../testing/index.ts";

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

test("own app: built as the manual says it echoes", async (t) => {
  const [app, profile, transport] = [...ROW!.matchAll(/"(\w+)"/g)].map(([, word]) => word!);
  const start = {
    app: app!,
    file: FILE,
    start: app!,
    profile: profile!,
    transport: transport as Bundle["transport"],
  };
  const built = await buildOwn(start, { [`${FILE}.ts`]: APP! });
  const broker = await testBroker();
  t.after(() => broker.stop());
  const config = { wifi: { ssid: "home" }, mqtt: { url: broker.url }, app: { topic: "mine" } };
  const board = await virtualBoard({ code: built.code, config, wifi: "home" });
  t.after(() => board.off());
  await board.until("connected");
  await broker.publish("mine/in", "hark", { qos: 1 });
  await board.until({ topic: "mine/out", payload: "hark" });
});
