// require("mqtt-ws") with Espruino's own tools, which are those of its command line and of its Web IDE: they find the module
// in a folder or at a URL, and put it into the program. Saved in flash it reads its functions from there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import commonjs from "@rollup/plugin-commonjs";
import { rollup } from "rollup";
import { type MinifyOptions, minify } from "terser";
import { BOOT_CODE } from "../../board/virtual/program.ts";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { wholeModule } from "../../build/module-files.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { Engine, noEngine } from "../engine/engine.ts";
import { boardOf, online } from "../virtual/boards.ts";
import { MODULES, moduleText } from "./places.ts";

const CLI = resolve("node_modules/espruino/bin/espruino-cli.js");
const LEAN = moduleText();
/** Most JsVars in use while a message is delivered, the program in flash. */
const MOST_JSVARS = 760;

function programFor(url: string): string {
  return `var client = require("mqtt-ws").connect("${url}", { clientId: "garden" });
client.on("connect", function () { client.subscribe("garden/set", { qos: 1 }, function () {
  client.publish("garden/set", "on", { qos: 1 });
}); });
client.on("message", function (topic, payload) { print("got", topic, payload, process.memory().usage); });
`;
}

/** What Espruino's command line would send to a board: the program with its modules. */
async function upload(t: TestContext, program: string, options: string[]): Promise<string> {
  const folder = scratch(t);
  writeFileSync(join(folder, "program.js"), program);
  const boards = ["--board", "ESP32", "--no-ble", "--config", `BOARD_JSON_URL=${resolve("board/chips")}`];
  const args = [CLI, ...boards, ...options, "-o", "sent.js", "program.js"];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LAST_RESORT_MS,
  });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  await new Promise((done) => child.on("close", done));
  assert.doesNotMatch(said, /not found|rror/, said);
  return readFileSync(join(folder, "sent.js"), "latin1");
}

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tools-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Where the tools find the module, by options of the command line that the Web IDE has as settings. */
const PLACES: Record<string, (t: TestContext, text: string) => Promise<string[]>> = {
  "a folder that MODULE_URL names": async (t, text) => {
    const folder = scratch(t);
    writeFileSync(join(folder, "mqtt-ws.min.js"), text);
    return ["--config", `MODULE_URL=${folder}`];
  },
  "a URL": async (t, text) => {
    // A proxy, because the command line leaves the port of a URL out.
    const server = createServer(({ url }, response) => {
      response.writeHead(url === "http://modules.test/lean/mqtt-ws.min.js" ? 200 : 404).end(text);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = {
      MODULE_PROXY_ENABLED: "true",
      MODULE_PROXY_URL: "127.0.0.1",
      MODULE_PROXY_PORT: `${port}`,
    };
    const all = { ...proxy, MODULE_URL: "http://modules.test/lean" };
    return Object.entries(all).flatMap(([name, value]) => ["--config", `${name}=${value}`]);
  },
};

for (const [place, prepare] of Object.entries(PLACES)) {
  test(`require("mqtt-ws") is found in ${place} and runs from the upload, on the virtual board`, {
    skip: missing("mosquitto"),
  }, async (t) => {
    const options = await prepare(t, LEAN);
    const { ws } = await mosquittoPorts(t);
    const program = programFor(`ws://127.0.0.1:${ws}/mqtt`);
    const board = boardOf(t, online(await upload(t, program, options)));
    board.boot();
    await board.untilLine(/^got garden\/set on/);
  });
}

test(`require("mqtt-ws") from a URL, saved in flash, runs on the real engine`, {
  skip: noEngine || missing("mosquitto"),
}, async (t) => {
  const options = await PLACES["a URL"]!(t, LEAN);
  const { ws } = await mosquittoPorts(t);
  const sent = await upload(t, programFor(`ws://127.0.0.1:${ws}/mqtt`), options);
  const engine = new Engine({ [BOOT_CODE]: sent }).boot();
  t.after(() => engine.off());
  const line = await engine.line(/^got garden\/set on \d+$/);
  const used = Number(line.split(" ").at(-1));
  t.diagnostic(`${used} JsVars`);
  assert.ok(used < MOST_JSVARS, `${used} JsVars`);
});

/** What the engine has built in, and a bundler is to leave alone. */
const BUILT_IN = ["Storage", "Wifi", "crypto", "net", "tls"];

/** Options of terser that docs/module.md gives. */
const TERSER: MinifyOptions = { ecma: 5, mangle: { reserved: ["of"] }, format: { ascii_only: true } };

/** A program that imports the module, made into one file by rollup and terser, as docs/module.md says. */
async function bundled(t: TestContext, name: string, program: string): Promise<string> {
  const folder = scratch(t);
  writeFileSync(join(folder, "module.js"), await wholeModule(name));
  const source = program.replace('require("mqtt-ws").connect', "connect");
  writeFileSync(join(folder, "program.js"), `import { connect } from "./module.js";\n${source}`);
  const bundle = await rollup({
    input: join(folder, "program.js"),
    external: BUILT_IN,
    plugins: [commonjs()],
  });
  const { output } = await bundle.generate({ format: "cjs", generatedCode: "es5" });
  await bundle.close();
  return (await minify(output[0].code, TERSER)).code!;
}

test("the module in one piece runs from inside of a program that a bundler made, on the virtual board", {
  skip: missing("mosquitto"),
}, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const board = boardOf(t, online(await bundled(t, "mqtt-ws-lean", programFor(`ws://127.0.0.1:${ws}/mqtt`))));
  board.boot();
  await board.untilLine(/^got garden\/set on/);
});

for (const name of MODULES.filter((name) => name.endsWith("-lean")))
  test(`the module in one piece, ${name}, saved in flash by a bundler, runs on the real engine`, {
    skip: noEngine || missing("mosquitto"),
  }, async (t) => {
    const { ws } = await mosquittoPorts(t);
    const code = await bundled(t, name, programFor(`ws://127.0.0.1:${ws}/mqtt`));
    const engine = new Engine({ [BOOT_CODE]: code }).boot();
    t.after(() => engine.off());
    const line = await engine.line(/^got garden\/set on \d+$|rror/);
    assert.match(line, /^got/);
    t.diagnostic(`${line.split(" ").at(-1)} JsVars`);
  });

test("the module in one piece says what to do where memory is too short for it, on the real engine", {
  skip: noEngine,
}, async (t) => {
  const full = "for (var all = []; process.memory().free > 2900; ) all.push(new Uint8Array(3000));";
  const program = 'try { require("mqtt-ws"); } catch (error) { print(error.message); }';
  const module = await wholeModule("mqtt-ws-lean");
  const engine = new Engine({ "mqtt-ws": module, [BOOT_CODE]: `${full}${program}` }).boot();
  t.after(() => engine.off());
  assert.match(
    await engine.line(/mqtt-ws/),
    /^mqtt-ws in one piece takes \d{4} JsVars, and this board has fewer free: put mqtt-ws-lean\.js into its Storage instead, see docs\/module\.md$/,
  );
});
