// The stacks that are measured, as programs for the engine: Espruino's own modules, read from ESPRUINO_MODULES and
// combined here, and ours, built from bench/engine/app.ts like the firmware. It does not know the measurements.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { minify } from "terser";
import { BOOT_CODE, programIn, scriptOf } from "../../board/virtual/program.ts";
import { buildOwn, buildRow } from "../../build/own.ts";
import { ESPRUINO_MODULES } from "../../test/engine/engine.ts";
import { least } from "./least.ts";
import type { Ports, Stack } from "./stack.ts";

/** Our radio is not measured, because it is built into the chip. */
export const WIFI = `exports.connect = function (s, o, callback) { setTimeout(callback, 20, null); };
exports.stopAP = exports.setHostname = exports.disconnect = Boolean;
exports.getStatus = Object;`;

/** Minified like ours, except for the names of properties, which their users need. */
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

/** The stock `ws` drops binary frames. Here each whole one goes to its reader as if it were text. */
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
function publish(topic, payload, qos) { mqtt.publish(topic, payload, { qos: qos }); }
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
    maxQos: modules.includes("tinyMQTT") ? 0 : 2,
    many: !websocket && !modules.includes("tinyMQTT"),
  };
}

/** This firmware, on the stock `ws` module or with its own handshake. */
export async function ours(
  profile: "full" | "tiny" | "smallest" | "v5",
  lean: boolean,
  ports: Ports,
  mask = "random",
): Promise<Stack> {
  const transport = lean ? "lean" : "ws";
  const built = await buildOwn({
    app: "bench",
    file: "bench/engine/app",
    start: "bench",
    profile,
    transport,
  });
  const program = programIn(built);
  const { [BOOT_CODE]: _, ...files } = program;
  const mqtt = {
    url: `ws://127.0.0.1:${ports.ws}/mqtt`,
    clientId: "bench",
    ...(mask === "zero" ? { mask } : {}),
    ...ROOM,
  };
  return {
    name: `ours, ${profile}${lean ? ", own handshake" : ", stock ws"}${mask === "zero" ? ", zero key" : ""}`,
    modules: lean ? {} : { ws: await moduleOf("ws") },
    files: {
      ...files,
      Wifi: WIFI,
      "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt }),
    },
    program: `function taken(link, topic, payload) { got(payload); }\n${scriptOf(program)}`,
    longest: 1000,
    maxQos: profile === "tiny" ? 1 : 2,
    many: true,
  };
}

/** An outbox for many messages at once. */
export const ROOM = { outbox: { messages: 64, bytes: 32_768 } };

const MODULE_USE = `
function publish(topic, payload, qos) {
  if (qos) client.publish(topic, payload, { qos: qos });
  else client.publish(topic, payload);
}
var client = require("mqtt-ws").connect("ws://127.0.0.1:PORT/mqtt", OPTIONS);
client.on("connect", function () { client.subscribe("b/in", function () { up(publish); }); });
client.on("message", function (topic, payload) { got(payload); });
`;

/** Our module with MQTT.js' API, with its own handshake. */
export async function moduleStack(profile: "full" | "tiny", ports: Ports): Promise<Stack> {
  const entry = profile === "full" ? "mqtt-ws" : `mqtt-ws-${profile}`;
  const { code } = await buildRow(`${entry}-lean`);
  return {
    name: `${entry} module, own handshake`,
    modules: { "mqtt-ws": code },
    // The same part of the radio as in our firmware.
    files: { Wifi: WIFI },
    program: `require("Wifi");${MODULE_USE.replace("PORT", `${ports.ws}`).replace("OPTIONS", JSON.stringify({ clientId: "bench", keepalive: 45, ...ROOM }))}`,
    longest: 1000,
    maxQos: profile === "tiny" ? 1 : 2,
    many: true,
  };
}

/** What makes each stack. The first is the one that the others are compared with. */
export const STACKS: ((ports: Ports) => Promise<Stack>)[] = [
  (ports) => stock("stock ws + MQTT", ["ws", "MQTT"], WS_GLUE + MQTT_USE, ports),
  (ports) =>
    stock(
      "stock MQTT, TCP",
      ["MQTT"],
      `var mqtt = require("MQTT").create("127.0.0.1", { port: PORT, client_id: "bench" });
function connect() { mqtt.connect(); }${MQTT_USE}`,
      ports,
    ),
  (ports) => stock("tinyMQTT, TCP", ["tinyMQTT"], TINY_USE, ports),
  (ports) => ours("full", false, ports),
  (ports) => ours("full", true, ports),
  (ports) => ours("full", true, ports, "zero"),
  (ports) => ours("tiny", true, ports),
  (ports) => ours("v5", true, ports),
  (ports) => moduleStack("full", ports),
  least,
];

/** No stack, only the modules that the engine must load for one. */
export function nothing(stack: Stack): Stack {
  const program = stack.files.Wifi ? 'require("Wifi");' : "";
  return { ...stack, modules: {}, program: `${program}up();` };
}
