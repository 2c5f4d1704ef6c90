// The direction of imports between the folders. biome.json forbids src to use globals of Node or Espruino.
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
    .filter((name) => /\.tsx?$/.test(name))
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
    return [
      {
        from: path.startsWith(".") ? normalize(join(dirname(file), path)).replace(/\.tsx?$/, "") : path,
        types,
      },
    ];
  });
}

/**
 * The rooms, from the bottom to the top: a file imports its own room and those above it in this list, types included. Rooms
 * in one line do not know each other.
 */
const ROOMS: RegExp[][] = [
  [/^src\/board$/],
  [/^src\/(hmac|log)$/],
  [/^src\/mqtt\//, /^#(five|short)$/],
  [/^src\/(text|router)$/, /^src\/ws\//, /^src\/tls\//, /^src\/sign\//],
  [/^src\/config\//],
  [/^src\/program\//],
  [/^src\/link\//],
  [/^src\/profile\//],
  [/^src\/app\//, /^src\/module\//],
];

/** Rooms that stand apart, and all that each may import. */
const APART: [room: RegExp, may: RegExp][] = [
  [/^board\/esp32\/module$/, /^(board\/esp32\/|src\/(board|text)$|src\/module\/|src\/link\/profile$)/],
  [/^board\/esp32\/run$/, /^(board\/esp32\/|src\/board$|src\/link\/(power-on|profile)$)/],
  [/^board\/esp32\/loader$/, /^(board\/esp32\/|src\/board$|src\/program\/loader$)/],
  [/^board\/esp32\/psk$/, /^(board\/esp32\/|src\/board$|src\/tls\/)/],
  [/^board\/esp32\//, /^(board\/esp32\/|src\/board$)/],
  [/^board\/virtual\//, /^(board\/virtual\/|src\/program\/(file|record)$|build\/root$)/],
  [/^build\//, /^(build\/|src\/program\/file$)/],
  [/^tools\/docs\//, /^(tools|src|board\/virtual|build|bench)\//],
  [/^testing\//, /^(testing|board\/virtual)\/|^src\/program\/file$|^tools\/demo\/broker$|^build\/root$/],
  [/^tools\//, /^(tools|src|board\/virtual|build)\//],
  [/^web\/shared\//, /^(web\/shared|tools|src|board\/virtual|build)\//],
  [/^web\/dashboard\//, /^web\/(dashboard|shared)\//],
  [/^web\/install\//, /^(web\/(install|shared)|tools|src|board\/virtual|build)\//],
];

/** Doors that are open and should not be: a line goes when its import has gone. */
const OPEN_DOORS: string[] = [];

/** Files that import each other in a circle, and should not: the file that is to be untied. */
const CIRCLES: string[] = [];

const SOURCES = ["src", "board", "build", "tools", "testing", "web"].flatMap(sourcesOf);
const FILES = SOURCES.map((file) => file.replace(/\.tsx?$/, ""));

/** Every import of a file of ours, or of a name that begins with #. */
function oursOf(file: string): Import[] {
  const source = SOURCES.find((name) => name.replace(/\.tsx?$/, "") === file)!;
  return importsOf(source).filter(({ from }) =>
    /^(src|board|build|tools|testing|web|test|bench)\/|^#/.test(from),
  );
}

function mayImport(file: string, from: string): boolean {
  const apart = APART.find(([room]) => room.test(file));
  if (apart) return apart[1].test(from);
  const floor = (name: string) => ROOMS.findIndex((rooms) => rooms.some((room) => room.test(name)));
  const roomOf = (name: string) => ROOMS.flat().find((room) => room.test(name));
  return (
    floor(from) >= 0 && (floor(from) < floor(file) || roomOf(from) === roomOf(file) || sameStorey(file, from))
  );
}

/** The core of MQTT asks for MQTT 5 and for the short ways by their names only, and knows them by types. */
function sameStorey(file: string, from: string): boolean {
  return /^#(five|short)$/.test(from) && file.startsWith("src/mqtt/");
}

test("layers: every file belongs to a layer", () => {
  const rooms = [...ROOMS.flat(), ...APART.map(([room]) => room)];
  assert.deepEqual(
    FILES.filter((file) => !rooms.some((room) => room.test(file))),
    [],
  );
});

test("layers: a file imports only from layers below it, types included", () => {
  const wrong = FILES.flatMap((file) =>
    oursOf(file)
      .filter(({ from }) => !mayImport(file, from))
      .map(({ from }) => `${file} -> ${from}`),
  );
  assert.deepEqual([...new Set(wrong)].sort(), OPEN_DOORS);
});

test("layers: the core of MQTT imports only types and #five of MQTT 5", () => {
  const core = FILES.filter((file) => /^src\/mqtt\/[^/]+$/.test(file));
  for (const file of core)
    for (const { from, types } of oursOf(file))
      assert.ok(types || !from.includes("/v5/"), `${file} -> ${from}`);
});

test("layers: there is no import cycle, types included", () => {
  const graph = new Map([
    ...FILES.map((file) => [file, oursOf(file).map(({ from }) => from)] as const),
    ["#five", ["src/mqtt/v5/five", "src/mqtt/without-five"]] as const,
    ["#short", ["src/mqtt/short/ways", "src/mqtt/without-short"]] as const,
  ]);
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of FILES) visit(file, []);
  const unknown = circles.filter((circle) => !circle.some((file) => CIRCLES.includes(file)));
  assert.deepEqual(
    unknown.map((circle) => circle.join(" -> ")),
    [],
  );
  for (const file of CIRCLES)
    assert.ok(
      circles.some((circle) => circle.includes(file)),
      `${file} is untied: take it out of CIRCLES`,
    );
});

test("layers: a profile is a list of imports and one table", () => {
  for (const file of sourcesOf("src/profile").filter((name) => !name.endsWith("/profile.ts"))) {
    const rest = parse(file).statements.filter((statement) => !ts.isImportDeclaration(statement));
    assert.equal(rest.length, 1, file);
    // Another one's table, for a build that leaves something out by a condition.
    if (ts.isExportDeclaration(rest[0]!) && !rest[0].isTypeOnly) continue;
    assert.match(rest[0]!.getText(), new RegExp(`^export const ${file.slice(12, -3)}: Profile = \\{`));
    assert.doesNotMatch(rest[0]!.getText(), /\bif\b|\bfor\b| \? /, "a profile decides nothing");
  }
});

test("layers: the firmware's version is the package's", () => {
  assert.equal(VERSION, JSON.parse(readFileSync("package.json", "utf8")).version);
});
