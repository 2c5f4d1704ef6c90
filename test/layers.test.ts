// Who may know whom: the direction of imports, and that src touches no global of Node or Espruino. A rule that is
// bent here is bent on purpose, in this table.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { test } from "node:test";
import ts from "typescript";
import { VERSION } from "../src/config/boot";

/** An import of a file: what it names, and whether anything of it is left when types are gone. */
interface Import {
  from: string;
  types: boolean;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name.replace(/\\/g, "/")));
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** Imports of a file, relative ones as paths from the root, without extension. */
function importsOf(file: string): Import[] {
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier)) return [];
    const path = specifier.text;
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    const bindings = clause?.namedBindings;
    const types =
      !!clause?.isTypeOnly ||
      (!!bindings && ts.isNamedImports(bindings) && bindings.elements.every((element) => element.isTypeOnly));
    return [{ from: path.startsWith(".") ? normalize(join(dirname(file), path)) : path, types }];
  });
}

/** Folders and files, and what they may import: values from the first list, types from both. */
const RULES: [who: RegExp, values: RegExp, types: RegExp][] = [
  [/^src\/(board|config-file|profile\/profile)\.ts$/, /^$/, /^src\//],
  [/^src\/log\.ts$/, /^$/, /^src\/board$/],
  [/^src\/headers\.ts$/, /^$/, /^src\/board$/],
  [/^src\/url\.ts$/, /^src\/mqtt\/bytes$/, /^src\/board$/],
  [/^src\/config\.ts$/, /^src\/(log|url|mqtt\/bytes)$/, /^src\/board$/],
  // MQTT 5 knows 3.1.1, and is known only by the types of what it adds (src/mqtt/hooks.ts).
  [/^src\/text\.ts$/, /^src\/mqtt\/bytes$/, /^src\/board$/],
  [/^src\/mqtt\/v5\//, /^src\/(mqtt\/(v5\/)?[\w-]+|log)$/, /^src\/board$/],
  [/^src\/mqtt\//, /^src\/(mqtt\/\w+|log)$/, /^src\/(board|mqtt\/v5\/\w+)$/],
  [/^src\/v5\.ts$/, /^src\/(mqtt\/(v5\/)?\w+|config|url)$/, /^src\/board$/],
  [/^src\/ws\//, /^src\/(ws\/\w+|log|mqtt\/(bytes|spec))$/, /^src\/board$/],
  [/^src\/stop-with\.ts$/, /^src\/(ladder|mqtt\/v5\/disconnect-with)$/, /^src\/(rungs|mqtt\/v5\/\w+)$/],
  [/^src\/text\.ts$/, /^src\/mqtt\/bytes$/, /^src\/board$/],
  [/^src\/router\.ts$/, /^src\/mqtt\/bytes$/, /^src\/board$/],
  [/^src\/renew\.ts$/, /^src\/url$/, /^src\/(board|rungs)$/],
  [/^src\/rungs\.ts$/, /^$/, /^src\//],
  [/^src\/back-off\.ts$/, /^src\/(rungs|mqtt\/(spec|hooks)|ws\/handshake)$/, /^src\//],
  [/^src\/ladder\.ts$/, /^src\/(rungs|back-off|log|mqtt\/\w+|ws\/\w+)$/, /^src\//],
  [/^src\/rescue\.ts$/, /^src\/(rungs|ladder|log|mqtt\/spec)$/, /^src\//],
  [/^src\/link\.ts$/, /^src\/(rungs|ladder|rescue|url|log|mqtt\/\w+|ws\/\w+)$/, /^src\//],
  [/^src\/sign\//, /^src\/(sign\/\w+|log|mqtt\/bytes)$/, /^src\/board$/],
  [/^src\/profile\//, /^src\/(mqtt\/(v5\/)?\w+|config|saver|v5|profile\/full)$/, /^src\/profile\/profile$/],
  [/^src\/saver\.ts$/, /^src\/(log|mqtt\/(saved|hooks))$/, /^src\//],
  [/^src\/module\/mqtt-ws\.d\.ts$/, /^$/, /^$/],
  [
    /^src\/module\//,
    /^src\/(module\/[\w-]+|link|ladder|rungs|config|headers|url|text|router|log|mqtt\/(v5\/)?[\w-]+)$/,
    /^src\//,
  ],
  [/^src\/(boot\.ts|app\/)/, /^src\/(?!board$|config-file$|profile\/|ws\/)/, /^src\//],
  [
    /^board\/esp32\/main-[\w-]+\.ts$/,
    /^(src\/(app|profile)\/\w+|board\/esp32\/(run|module|socket|lean|sha256|pins|chip))$/,
    /^$/,
  ],
  [/^board\/esp32\/module\.ts$/, /^(board\/esp32\/\w+|src\/(text|module\/(client|face)))$/, /^src\//],
  [/^board\/esp32\//, /^(board\/esp32\/\w+|src\/boot)$/, /^src\//],
];

for (const file of [...sourcesOf("src"), ...sourcesOf("board/esp32")]) {
  test(`layers: ${file} imports what it may`, () => {
    const rule = RULES.find(([who]) => who.test(file));
    assert.ok(rule, "no rule for this file");
    for (const { from, types } of importsOf(file)) {
      const allowed = rule[1].test(from) || (types && rule[2].test(from));
      assert.ok(allowed, `must not import ${from}`);
    }
  });
}

test("layers: imports of values go round in no circle", () => {
  // The bundler would have to put one of them first, and Espruino does not hoist.
  const graph = new Map<string, string[]>();
  for (const file of sourcesOf("src")) {
    const values = importsOf(file).filter(({ types }) => !types);
    graph.set(
      file.slice(0, -3),
      values.map(({ from }) => from),
    );
  }
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    assert.ok(!path.includes(file), [...path, file].join(" -> "));
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

/** What src must not touch: ES5's clock and chance, and everything of Node's and of the board's. */
const BANNED = new Set(
  (
    "Date Math console process require module exports global globalThis window setTimeout setInterval setImmediate " +
    "clearTimeout clearInterval queueMicrotask Buffer fetch E ESP32 ESP8266 Wifi Storage Pin NodeMCU getTime setTime " +
    "getSerial peek8 peek16 peek32 poke8 poke16 poke32 print trace save load reset digitalRead digitalWrite " +
    "analogRead analogWrite setWatch clearWatch pinMode eval Function Promise Map Set Symbol Proxy Reflect"
  ).split(" "),
);

/** Names that a file uses and has not declared, imported or made a property. */
function freeNames(file: string): string[] {
  const source = parse(file);
  const declared = new Set<string>();
  const used: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isIdentifier(node)) {
      const parent = node.parent as ts.NamedDeclaration;
      const isName = parent.name === node;
      const isProperty =
        isName &&
        (ts.isPropertyAccessExpression(parent) ||
          ts.isPropertyAssignment(parent) ||
          ts.isMethodDeclaration(parent));
      if (isName && !isProperty && !ts.isShorthandPropertyAssignment(parent)) declared.add(node.text);
      else if (!isProperty) used.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return used.filter((name) => !declared.has(name));
}

for (const file of sourcesOf("src")) {
  test(`layers: ${file} touches no global of the board or of Node`, () => {
    assert.deepEqual(
      freeNames(file).filter((name) => BANNED.has(name)),
      [],
    );
  });
}

test("layers: a profile is a list of imports and one table", () => {
  for (const file of sourcesOf("src/profile").filter((name) => !name.endsWith("/profile.ts"))) {
    const rest = parse(file).statements.filter((statement) => !ts.isImportDeclaration(statement));
    assert.equal(rest.length, 1, file);
    assert.match(rest[0]!.getText(), new RegExp(`^export const ${file.slice(12, -3)}: Profile = \\{`));
    assert.doesNotMatch(rest[0]!.getText(), /\bif\b|\bfor\b| \? /, "a profile decides nothing");
  }
});

test("layers: an entry of a bundle is imports and one call", () => {
  for (const file of sourcesOf("board/esp32").filter((name) => name.includes("/main-"))) {
    const rest = parse(file).statements.filter((statement) => !ts.isImportDeclaration(statement));
    assert.deepEqual(
      rest.map((statement) => statement.getText().replace(/\(.*/, "")),
      [file.includes("mqtt-ws") ? "provide" : "run"],
      file,
    );
  }
});

test("layers: the firmware's version is the package's", () => {
  assert.equal(VERSION, JSON.parse(readFileSync("package.json", "utf8")).version);
});
