// Builds dist/<app>[-<profile>].js: one ES5 file per entry in board/esp32/main-*.ts, as Espruino wants it.
import { copyFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import terser from "@rollup/plugin-terser";
import typescript from "@rollup/plugin-typescript";
import ts from "typescript";
import { direct } from "./rollup.direct.js";
import { markParts, PARAMETERS, shortenNames, splitParts } from "./rollup.parts.js";
import { rare } from "./rollup.rare.js";

/** Where names stand that are not ours alone: the Espruino API, and config.json with the types it is made of. */
const OUTSIDE = ["board/esp32/espruino.d.ts", "src/config/config-file.ts", "src/module/mqtt-ws.d.ts"];
/** Types elsewhere that config.json uses, by their file. */
const OUTSIDE_TYPES = {
  "src/board.ts": ["Network"],
  "src/mqtt/encode.ts": ["ConnectOptions", "Will"],
  "src/mqtt/state.ts": ["Limits"],
  "src/mqtt/v5/state.ts": ["Options5", "ConnectNames", "WillNames", "WillOptions"],
};

/**
 * Property names that exist outside this firmware: in the ES5 library and in OUTSIDE. Every other property is ours
 * and gets a short name, because a field's name of more than 4 characters costs the board memory, and the bundle
 * bytes.
 */
function namesOfTheWorld() {
  const libEs5 = ts
    .getDefaultLibFilePath({ target: ts.ScriptTarget.ES5 })
    .replace(/lib\.d\.ts$/, "lib.es5.d.ts");
  const names = new Set(["exports"]);
  const visit = (node) => {
    // Parameters have names, too, but no property has them.
    if (node.name?.text && !ts.isParameter(node)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  for (const file of [libEs5, ...OUTSIDE, ...Object.keys(OUTSIDE_TYPES)]) {
    const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest);
    const only = OUTSIDE_TYPES[file];
    for (const statement of source.statements)
      if (!only || only.includes(statement.name?.text)) visit(statement);
  }
  return [...names];
}

/** Functions on the path of a message, which stay in memory; all others are made when they are called: rollup.parts.js. */
export const HOT = [
  // What comes in.
  "arrived received message readFrames receive",
  // What goes out.
  "publish send frame mask writeBytes",
]
  .join(" ")
  .split(" ");

/** More of them in bundles without parts: there a call of any other function costs five times as much. */
export const WARM = [
  "beginData checkHeader handle readHeader onPublish acknowledge isTopicName wellFormed readU16 flush next",
  "post checkQos must checkTopic hasRoom takes hand publishHead varint u16 header maskBlocks",
  // The module's own.
  "received$direct publishCall",
]
  .join(" ")
  .split(" ");

/** The same on connections that speak MQTT 5, in builds that have it. */
export const HOT5 = "head5 headWith sent5 refuse5 parse readProperties readValue".split(" ");

/**
 * How a bundle is shaped. A program stands in a function, so that it leaves no globals behind. A module gets none: the
 * engine gives it a scope already, and functions in two of them take 3 JsVars more each, 200 in all. Its rare functions
 * come in larger groups, because what is around them is somebody else's and needs the room: 20 JsVars less, and 0.3
 * million instructions more a call.
 */
export function shapeOf(file) {
  return file.includes("mqtt-ws") ? { format: "es", parts: false, group: 2800 } : { format: "iife" };
}

/** `#five`: MQTT 5, or what 3.1.1 says in its place. */
function fiveOrNot(five) {
  const file = resolve(five ? "src/mqtt/v5/five.ts" : "src/mqtt/without-five.ts");
  return { name: "five", resolveId: (id) => (id === "#five" ? file : null) };
}

/** Puts the module's types beside it. */
const types = {
  name: "types",
  writeBundle() {
    copyFileSync("src/module/mqtt-ws.d.ts", "dist/mqtt-ws.d.ts");
  },
};

/**
 * The plugins that turn our TypeScript into what runs on the board; the tests build with the same ones. `report` is told
 * which functions stay in memory; `group`: see rollup.rare.js.
 */
export function firmware({
  mangleProperties = true,
  minify = true,
  sourcemap = false,
  parts = true,
  group,
  report,
  five = false,
} = {}) {
  const plugins = [
    fiveOrNot(five),
    typescript({
      tsconfig: "tsconfig.json",
      compilerOptions: { noEmit: false, sourceMap: sourcemap },
      include: ["src/**/*.ts", "board/esp32/**/*.ts"],
    }),
  ];
  if (minify) {
    plugins.push(
      ...(mangleProperties ? [direct(namesOfTheWorld())] : []),
      parts ? markParts(HOT.concat(HOT5), report) : rare(HOT.concat(WARM, HOT5), report, group),
      terser({
        ecma: 5,
        // The functions of the file are its private names, although no module wrapper surrounds them.
        toplevel: !parts,
        compress: {
          toplevel: true,
          // Inlining makes function expressions of functions that are used once: the engine then defines them anew at
          // each call, 20,000 instructions and 7 JsVars of garbage apiece.
          inline: false,
          reduce_funcs: false,
          hoist_funs: true,
          // `a && (b, c())` takes the chip half as much stack again as `if (a) { b; c(); }`: 966 against 659 bytes a call
          // of the 15,000 that an ESP32-C3 has. It costs 1 % of size.
          sequences: false,
          conditionals: false,
          passes: 3,
          // `void 0` is shorter than `undefined` and cannot be shadowed; no getters here, so reads have no effects.
          pure_getters: true,
        },
        mangle: mangleProperties
          ? // `builtins`: terser's own list also keeps every name of the browser's DOM, which we may shorten.
            {
              reserved: parts ? PARAMETERS : [],
              properties: { builtins: true, keep_quoted: "strict", reserved: namesOfTheWorld() },
            }
          : true,
        // Without ascii_only every minified build misbehaved on the engine while Node was happy.
        format: { ascii_only: true, comments: false },
      }),
      ...(parts ? [shortenNames(sourcemap), ...(sourcemap ? [] : [splitParts()])] : []),
    );
  }
  return plugins;
}

export default readdirSync("board/esp32")
  .filter((file) => /^main-.*\.ts$/.test(file))
  .map((file) => ({
    input: `board/esp32/${file}`,
    output: {
      file: `dist/${file.slice(5, -3)}.js`,
      format: shapeOf(file).format,
      generatedCode: "es5",
      strict: false,
    },
    // A build with warnings is a build that the board may not run.
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
    plugins: [
      ...firmware({ ...shapeOf(file), five: file.includes("v5") }),
      ...(file === "main-mqtt-ws.ts" ? [types] : []),
    ],
  }));
