// The stacks that are measured, as programs for the engine: Espruino's own modules, read from ESPRUINO_MODULES and
// glued together here, and ours, built from bench/engine/app.ts with the firmware's plugins. Knows no measurement.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Plugin, rollup } from "rollup";
import { minify } from "terser";
import ts from "typescript";
import { BOOT_CODE, programIn } from "../../board/virtual/program.ts";
import { firmware, shapeOf } from "../../rollup.config.js";
import { ESPRUINO_MODULES } from "../../test/engine/engine.ts";

/** Where the broker listens. */
export interface Ports {
  tcp: number;
  ws: number;
}

export interface Stack {
  name: string;
  /** Files in Storage: modules, and what the firmware wants to find. */
  modules: Record<string, string>;
  files: Record<string, string>;
  program: string;
  /** Longest payload, in bytes. */
  longest: number;
  /** Frames of a WebSocket, not plain TCP. */
  websocket: boolean;
}

/** Our radio is not measured: the chip has it built in. */
const WIFI = `exports.connect = function (s, o, callback) { setTimeout(callback, 20, null); };
exports.stopAP = exports.setHostname = exports.disconnect = Boolean;
exports.getStatus = Object;`;

/** Minified as ours are, but for the names of properties, which are their users'. */
async function moduleOf(name: string): Promise<string> {
  const source = readFileSync(join(ESPRUINO_MODULES, `${name}.js`), "latin1");
  const { code } = await minify(source, {
    ecma: 5,
    toplevel: true,
    compress: { inline: false, reduce_funcs: false, hoist_funs: true, passes: 3, unused: false },
    mangle: { reserved: ["exports"] },
    format: { ascii_only: true },
  });
  return code ?? "";
}

/** The stock `ws` drops binary frames: each that is whole goes to its own reader as if it were text. */
const WS_GLUE = `
var ws, mqtt = require("MQTT").create("127.0.0.1", { client_id: "bench" });
function connect() {
  ws = require("ws")("127.0.0.1", { port: PORT, path: "/mqtt", protocol: "mqtt" });
  var parse = ws.parseData, client = { write: function (bytes) { ws.send(bytes, 0x82); }, end: function () { ws.close(); } };
  ws.parseData = function (bytes) {
    if (!this.connected) return parse.call(this, bytes);
    bytes = this.lastData + bytes;
    this.lastData = "";
    for (;;) {
      var length = bytes.charCodeAt(1) & 127, at = 2;
      if (length === 126) {
        length = bytes.charCodeAt(2) << 8 | bytes.charCodeAt(3);
        at = 4;
      }
      if (!(bytes.length >= at + length)) break;
      var first = bytes[0] === "\\x82" ? "\\x81" : bytes[0];
      parse.call(this, first + bytes.substr(1, at + length - 1));
      bytes = bytes.substr(at + length);
    }
    this.lastData = bytes;
  };
  ws.on("open", function () { mqtt.connect(client); });
  ws.on("message", function (bytes) { client.emit("data", bytes); });
  ws.on("close", function () { client.emit("end"); });
}
`;

const MQTT_USE = `
function publish(topic, payload) { mqtt.publish(topic, payload); }
mqtt.on("connected", function () { mqtt.subscribe("b/in"); });
mqtt.on("subscribed", function () { up(publish); });
mqtt.on("message", function (topic, payload) { got(payload); });
mqtt.on("disconnected", function () { setTimeout(connect, 500); });
connect();
`;

const TINY_USE = `
function getSerial() { return "bench"; }
var mqtt = require("tinyMQTT").create("127.0.0.1", { port: PORT, reconnect_interval: 200 });
function publish(topic, payload) { mqtt.publish(topic, payload); }
mqtt.on("connected", function () {
  setTimeout(function () { mqtt.subscribe("b/in"); setTimeout(up, 200, publish); }, 100);
});
mqtt.on("message", function (message) { got(message.message); });
mqtt.on("disconnected", function () { mqtt.connect(); });
mqtt.connect();
`;

async function stock(name: string, modules: string[], program: string, ports: Ports): Promise<Stack> {
  const entries = await Promise.all(modules.map(async (module) => [module, await moduleOf(module)]));
  const websocket = modules.includes("ws");
  return {
    name,
    modules: Object.fromEntries(entries),
    files: {},
    program: program.replace("PORT", `${websocket ? ports.ws : ports.tcp}`),
    longest: modules.includes("tinyMQTT") ? 100 : 1000,
    websocket,
  };
}

/** The entry, and the application, which lies outside of what the firmware's compiler looks at. */
function entryPlugin(entry: string, code: string): Plugin {
  const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
  return {
    name: "entry",
    resolveId: (id, from) => (id === entry ? id : from === entry ? join(process.cwd(), id.slice(2)) : null),
    load(id) {
      if (id === entry) return code;
      if (!id.includes("/bench/")) return null;
      return ts.transpileModule(readFileSync(id, "utf8"), { compilerOptions }).outputText;
    },
  };
}

/** This firmware, on the stock `ws` module or with its own handshake. */
export async function ours(
  profile: "full" | "tiny" | "v5",
  lean: boolean,
  ports: Ports,
  mask = "random",
): Promise<Stack> {
  const entry = "\0bench";
  const [file, connection] = lean ? ["lean", "lean"] : ["socket", "stock"];
  const code = `import { bench } from "./bench/engine/app.ts";
import { ${profile} } from "./src/profile/${profile}.ts";
import { run } from "./board/esp32/run.ts";
import { ${connection} } from "./board/esp32/${file}.ts";
run(bench, ${profile}, ${connection});`;
  const build = await rollup({
    input: entry,
    plugins: [entryPlugin(entry, code), ...firmware()],
  });
  const { output } = await build.generate({ format: "iife", generatedCode: "es5", strict: false });
  await build.close();
  const { [BOOT_CODE]: bootCode, ...parts } = programIn(output);
  const mqtt = {
    url: `ws://127.0.0.1:${ports.ws}/mqtt`,
    clientId: "bench",
    ...(mask === "zero" ? { mask } : {}),
  };
  return {
    name: `ours, ${profile}${lean ? ", own handshake" : ", stock ws"}${mask === "zero" ? ", zero key" : ""}`,
    modules: lean ? {} : { ws: await moduleOf("ws") },
    files: {
      ...parts,
      Wifi: WIFI,
      "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt, log: 1 }),
    },
    program: bootCode!,
    longest: 1000,
    websocket: true,
  };
}

const MODULE_USE = `
function publish(topic, payload) { client.publish(topic, payload); }
var client = require("mqtt-ws").connect("ws://127.0.0.1:PORT/mqtt", { clientId: "bench", keepalive: 45 });
client.on("connect", function () { client.subscribe("b/in", function () { up(publish); }); });
client.on("message", function (topic, payload) { got(payload); });
`;

/** Our module with MQTT.js' API, with its own handshake. */
export async function moduleStack(profile: "full" | "tiny", ports: Ports): Promise<Stack> {
  const entry = profile === "full" ? "mqtt-ws" : `mqtt-ws-${profile}`;
  const build = await rollup({
    input: `board/esp32/main-${entry}-lean.ts`,
    plugins: firmware({ ...shapeOf(entry), five: entry.includes("v5") }),
  });
  const { output } = await build.generate({
    format: shapeOf(entry).format,
    generatedCode: "es5",
    strict: false,
  });
  await build.close();
  return {
    name: `${entry} module, own handshake`,
    modules: { "mqtt-ws": output[0].code },
    // As much of the radio as our firmware has.
    files: { Wifi: WIFI },
    program: `require("Wifi");${MODULE_USE.replace("PORT", `${ports.ws}`)}`,
    longest: 1000,
    websocket: true,
  };
}

/** All of them, the one that is compared against first. */
export async function stacks(ports: Ports): Promise<Stack[]> {
  return [
    await stock("stock ws + MQTT", ["ws", "MQTT"], WS_GLUE + MQTT_USE, ports),
    await stock(
      "stock MQTT, TCP",
      ["MQTT"],
      `var mqtt = require("MQTT").create("127.0.0.1", { port: PORT, client_id: "bench" });
function connect() { mqtt.connect(); }${MQTT_USE}`,
      ports,
    ),
    await stock("tinyMQTT, TCP", ["tinyMQTT"], TINY_USE, ports),
    await ours("full", false, ports),
    await ours("full", true, ports),
    await ours("full", true, ports, "zero"),
    await ours("tiny", true, ports),
    await moduleStack("full", ports),
  ];
}

/** No stack at all, with what the engine has to load for it anyway. */
export function nothing(stack: Stack): Stack {
  const program = stack.files.Wifi ? 'require("Wifi");' : "";
  return { ...stack, modules: {}, program: `${program}up();` };
}
