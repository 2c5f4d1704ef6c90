// The built bundles as they go onto the board: ES5 that Espruino runs, within their budgets, with the names that are known
// outside left unchanged.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type AnyNode, type Identifier, parse } from "acorn";
import { full } from "acorn-walk";
import ts from "typescript";
import { bootBytesOf } from "../../board/virtual/program.ts";
import { BUNDLES, FIVE, MODULE, nameOf } from "../../build/bundles.ts";
import { orderOf } from "./order.ts";
import { violationsOf } from "./rules.ts";
import { whole } from "./whole.ts";

/** Globals that a bundle may use: those of ES5, and those of the Espruino API that board/esp32 needs. */
const GLOBALS = (
  "Array Error Function JSON Math Object Promise String Number RegExp Uint8Array Int32Array isNaN parseFloat parseInt undefined NaN " +
  "$a E ESP32 Boolean exports btoa console process require getSerial getTime peek32 setTimeout clearTimeout setInterval clearInterval " +
  "digitalWrite digitalRead analogRead analogWrite pinMode setWatch"
).split(" ");

function codeOf(name: string): string {
  return readFileSync(`dist/${name}.js`, "latin1");
}

function read(name: string): string {
  return whole(codeOf(name));
}

/** Bytes of a bundle's boot code, and of its parts. */
function sizesOf(name: string): { boot: number; parts: number } {
  const code = codeOf(name);
  const boot = bootBytesOf(code);
  return { boot, parts: code.length - boot };
}

/** Names of properties that a program reads, sets or makes. */
function propertiesOf(code: string): Set<string> {
  const found = new Set<string>();
  const add = (key: AnyNode) => found.add(key.type === "Literal" ? `${key.value}` : (key as Identifier).name);
  full(parse(code, { ecmaVersion: 5 }), (node) => {
    if (node.type === "MemberExpression" && (!node.computed || node.property.type === "Literal"))
      add(node.property);
    if (node.type === "Property") add(node.key);
  });
  return found;
}

/** The names of the members of an interface. */
function membersOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(file)!, ts.ScriptTarget.Latest);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  return (found as ts.InterfaceDeclaration).members.map((member) => (member.name as ts.Identifier).text);
}

for (const bundle of BUNDLES) {
  const name = nameOf(bundle);

  test(`bundle: ${name} is ES5 that Espruino runs`, () => {
    // A module looks for its beginning in a saved program, and then compares the digits of what it has found.
    const found = violationsOf(read(name)).filter(
      (one) => !(bundle.app === MODULE && one.includes('"$b=require"')),
    );
    assert.deepEqual(found, []);
  });

  test(`bundle: ${name} uses no name before its line has run`, () => {
    assert.deepEqual(orderOf(read(name)).early, []);
  });

  test(`bundle: ${name} uses the globals of the board and no others`, () => {
    // A module assigns its own names instead of declaring them.
    const own = bundle.app === MODULE ? /^[$_].$/ : /^$/;
    const others = orderOf(read(name)).globals.filter((one) => !GLOBALS.includes(one) && !own.test(one));
    assert.deepEqual(others, []);
  });

  test(`bundle: ${name} is within its budget`, () => {
    const { boot, parts } = sizesOf(name);
    assert.ok(boot <= bundle.boot, `${boot} bytes of boot code, ${bundle.boot} allowed`);
    assert.ok(parts <= bundle.parts, `${parts} bytes of parts, ${bundle.parts} allowed`);
  });

  if (bundle.app === MODULE) {
    test(`bundle: ${name} keeps the names of its API`, () => {
      const types = "src/module/mqtt-ws.d.ts";
      const names = [...membersOf(types, "MqttClient"), "connect", "fromJson"];
      assert.ok(names.length > 8);
      const there = propertiesOf(read(name));
      assert.deepEqual(
        names.filter((member) => !there.has(member)),
        [],
      );
    });
    continue;
  }

  test(`bundle: ${name} has only global names that a user does not type by accident`, () => {
    const names = parse(codeOf(name), { ecmaVersion: 5 }).body.flatMap((node) => {
      if (node.type === "FunctionDeclaration") return [node.id.name];
      return node.type === "VariableDeclaration"
        ? node.declarations.map(({ id }) => (id as Identifier).name)
        : [];
    });
    assert.ok(names.length > 15, `${names}`);
    for (const global of names) assert.match(global, /^[$_].$/);
  });

  test(`bundle: ${name} reads the keys of config.json by their names`, () => {
    const there = propertiesOf(read(name));
    const keys = membersOf("src/config/config-file.ts", "ConfigFile").filter((key) => key !== "device");
    assert.ok(keys.length > 4);
    assert.deepEqual(
      [...keys, "ssid", "keepAlive", "cleanSession", "rebootAfterS"].filter((key) => !there.has(key)),
      [],
    );
  });
}

for (const transport of ["", "-lean"]) {
  test(`bundle: MQTT 5 adds no more than its budget to hello${transport}`, () => {
    const [five, three] = [sizesOf(`hello-v5${transport}`), sizesOf(`hello${transport}`)];
    const [boot, parts] = [five.boot - three.boot, five.parts - three.parts];
    assert.ok(boot <= FIVE.boot, `${boot} bytes of boot code, ${FIVE.boot} allowed`);
    assert.ok(parts <= FIVE.parts, `${parts} bytes of parts, ${FIVE.parts} allowed`);
  });
}
