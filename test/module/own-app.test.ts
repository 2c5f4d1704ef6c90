// docs/own-app.md: its very code is type-checked, built as the firmware is, and does what the page says.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import mqtt from "mqtt";
import { type Plugin, rollup } from "rollup";
import ts from "typescript";
import { programIn } from "../../board/virtual/program.ts";
import { firmware } from "../../rollup.config.js";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { boardOf } from "../virtual/boards.ts";

const PAGE = readFileSync("docs/own-app.md", "utf8");
const [APP, ENTRY] = [...PAGE.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
const FILES: Record<string, string> = {
  [join(process.cwd(), "src/app/echo.ts")]: APP!,
  [join(process.cwd(), "board/esp32/main-echo-lean.ts")]: ENTRY!,
};

test("own app: the page's code has no type errors", () => {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...more) =>
    FILES[name] === undefined
      ? getSourceFile.call(host, name, ...more)
      : ts.createSourceFile(name, FILES[name], ts.ScriptTarget.ES5);
  host.fileExists = (name) => FILES[name] !== undefined || fileExists.call(host, name);
  host.readFile = (name) => FILES[name] ?? readFile.call(host, name);
  const roots = [...Object.keys(FILES), join(process.cwd(), "board/esp32/espruino.d.ts")];
  const found = ts.getPreEmitDiagnostics(ts.createProgram(roots, options, host));
  assert.deepEqual(
    found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    [],
  );
});

/** The page's files, as if they were there. */
const files: Plugin = {
  name: "files",
  resolveId(id, from) {
    const path = from ? join(from, "..", id) : join(process.cwd(), id);
    for (const each of [path, `${path}.ts`]) if (FILES[each] !== undefined || existsSync(each)) return each;
    return null;
  },
  load(id) {
    const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
    return FILES[id] === undefined ? null : ts.transpileModule(FILES[id], { compilerOptions }).outputText;
  },
};

test("own app: built as the page says, it echoes", { skip: missing("mosquitto") }, async (t) => {
  const ports = await mosquittoPorts(t);
  const build = await rollup({ input: "board/esp32/main-echo-lean.ts", plugins: [files, ...firmware()] });
  const { output } = await build.generate({ format: "iife", generatedCode: "es5", strict: false });
  await build.close();
  const config = {
    wifi: { ssid: "virtual" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt` },
    app: { topic: "mine" },
  };
  const board = boardOf(t, programIn(output), { files: { "config.json": JSON.stringify(config) } });
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
