// The built bundles, as they go onto the board: one file for each entry, ES5 that Espruino runs, within its budget.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { type Identifier, parse } from "acorn";
import { BOOT_CODE, programOf } from "../../board/virtual/program.ts";
import { BUDGETS, FIVE } from "./budgets.ts";
import { orderOf } from "./order.ts";
import { violationsOf } from "./rules.ts";
import { whole } from "./whole.ts";

const BUNDLES = readdirSync("board/esp32")
  .filter((file) => /^main-.*\.ts$/.test(file))
  .map((file) => `${file.slice("main-".length, -".ts".length)}.js`);

/** Globals that a bundle may use: of ES5 and of the Espruino API, as far as board/esp32 wants them. */
const GLOBALS = (
  "Array Error Function JSON Math Object String Number RegExp Uint8Array Int32Array isNaN parseFloat parseInt undefined NaN " +
  "E ESP32 Boolean exports btoa console process require getSerial getTime peek32 setTimeout clearTimeout setInterval clearInterval " +
  "digitalWrite digitalRead analogRead analogWrite pinMode setWatch"
).split(" ");

function read(bundle: string): string {
  return whole(programOf(`dist/${bundle}`));
}

/** Bytes of a bundle's parts and of its boot code. */
function sizesOf(bundle: string): number[] {
  return Object.values(programOf(`dist/${bundle}`)).map(({ length }) => length);
}

test("bundle: each entry has a budget, and each budget an entry", () => {
  assert.deepEqual(Object.keys(BUDGETS).sort(), [...BUNDLES].sort());
});

for (const bundle of BUNDLES) {
  test(`bundle: ${bundle} is ES5 that Espruino runs`, () => {
    assert.deepEqual(violationsOf(read(bundle)), []);
  });

  test(`bundle: ${bundle} uses no name before its line has run`, () => {
    assert.deepEqual(orderOf(read(bundle)).early, []);
  });

  test(`bundle: ${bundle} uses the globals of the board and no others`, () => {
    const others = orderOf(read(bundle)).globals.filter((name) => !GLOBALS.includes(name));
    assert.deepEqual(others, []);
  });

  test(`bundle: ${bundle} is within its budget`, () => {
    const [boot, parts = 0] = sizesOf(bundle).reverse();
    const [bootBudget, partsBudget] = BUDGETS[bundle]!;
    assert.ok(boot! <= bootBudget, `${boot} bytes of boot code, ${bootBudget} allowed`);
    assert.ok(parts <= partsBudget, `${parts} bytes of parts, ${partsBudget} allowed`);
  });

  if (bundle.startsWith("mqtt-ws")) {
    test(`bundle: ${bundle} keeps the names of its API`, () => {
      const names =
        "connect publish subscribe unsubscribe end reconnect on removeListener connected emit fromJson sessionPresent " +
        "topic payload qos retain dup cmd code clientId username password keepalive clean reconnectPeriod " +
        "connectTimeout protocolVersion outbox maxPacket maxInflight maxUnsent mask headers tls log policy latest";
      for (const name of names.split(" ")) assert.match(read(bundle), new RegExp(`\\b${name}\\b`), name);
    });
    continue;
  }

  test(`bundle: ${bundle} has global names that nobody types by chance`, () => {
    const { [BOOT_CODE]: boot } = programOf(`dist/${bundle}`);
    const names = parse(boot!, { ecmaVersion: 5 }).body.flatMap((node) => {
      if (node.type === "FunctionDeclaration") return [node.id.name];
      return node.type === "VariableDeclaration"
        ? node.declarations.map(({ id }) => (id as Identifier).name)
        : [];
    });
    assert.ok(names.length > 20);
    for (const name of names) assert.match(name, /^[$_].$/);
  });

  test(`bundle: ${bundle} keeps the names of config.json`, () => {
    const code = read(bundle);
    const names =
      "wifi ssid password hostname mqtt url clientId keepAlive cleanSession maxPacket will link rebootAfterS app topic message qos log";
    for (const name of names.split(" ")) assert.match(code, new RegExp(`\\b${name}\\b`), name);
  });
}

test("bundle: tiny has neither QoS 2 nor wills nor words", () => {
  assert.ok(read("hello-tiny.js").length < read("hello.js").length);
  assert.doesNotMatch(read("hello-tiny.js"), /PINGRESP|not authorized/i);
});

test("bundle: a build without MQTT 5 has nothing of it, one with it has both versions", () => {
  assert.doesNotMatch(read("hello.js"), /sessionExpiry|followServer|the broker names/);
  assert.match(read("hello-v5.js"), /sessionExpiry/);
  assert.match(read("hello-v5.js"), /\\x05":"\\x04"/);
  // What only some applications need is theirs to import.
  assert.doesNotMatch(
    read("hello-v5.js"),
    /bad timeoutS|no MQTT 5 connection|aliases are given|bad reason of a/,
  );
});

for (const transport of ["", "-lean"]) {
  test(`bundle: MQTT 5 adds no more to hello${transport}.js than it may`, () => {
    const [parts, boot] = sizesOf(`hello-v5${transport}.js`).map(
      (size, i) => size - sizesOf(`hello${transport}.js`)[i]!,
    );
    assert.ok(boot! <= FIVE[0], `${boot} bytes of boot code, ${FIVE[0]} allowed`);
    assert.ok(parts! <= FIVE[1], `${parts} bytes of parts, ${FIVE[1]} allowed`);
  });
}
