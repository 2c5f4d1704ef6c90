// The kit as a user has it: compiled, from plain JavaScript, by its name. The program and the tests of docs/testing.md are
// run as they stand there, and so is the project of `new`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { compileHost } from "../../build/host.ts";

/** The fences of the chapter about the user's own program. */
const FENCES = [
  ...readFileSync("docs/testing.md", "utf8")
    .split("\n## ")[1]!
    .matchAll(/```js\n([\s\S]*?)```/g),
].map(([, code]) => code!);

test("kit: it is compiled for the package", () => compileHost());

/** A user's folder that has the package. */
function project(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "own-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(process.cwd(), join(folder, "node_modules/espruino-mqtt-ws"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

/** Runs the folder's tests with Node alone; returns what they say. */
function tested(folder: string): string {
  // Without what this process has from its own test runner and loader.
  const { PATH, HOME, ESPRUINO } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", "--test-reporter=tap"], {
    cwd: folder,
    env: { PATH, HOME, ESPRUINO },
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

test("kit: the program and the tests of the page run, and end by themselves", (t) => {
  const [program, first, second] = FENCES;
  const folder = project(t);
  writeFileSync(join(folder, "my-sensor.js"), program!);
  writeFileSync(join(folder, "my-sensor.test.js"), first!);
  writeFileSync(join(folder, "both.test.js"), second!);
  const said = tested(folder);
  assert.match(said, /# pass 2\n# fail 0\n# cancelled 0\n# skipped 1\n/);
  assert.match(said, /BOARD_SEED=1/);
  assert.match(said, process.env.ESPRUINO ? /# SKIP board\.pin\("D4"\)/ : /# SKIP realEngine: path/);
});

test("kit: the tests of the project that `new` makes run", (t) => {
  const folder = project(t);
  cpSync("templates/program", folder, { recursive: true });
  for (const name of readdirSync(join(folder, "test")))
    writeFileSync(join(folder, "test", name), readFileSync(join(folder, "test", name), "utf8"));
  assert.match(tested(folder), /# pass 1\n# fail 0/);
});

test("kit: its types are those of its documentation, and mistakes do not compile", (t) => {
  const folder = project(t);
  writeFileSync(
    join(folder, "use.ts"),
    `import { type Board, type Message, testBroker, virtualBoard } from "espruino-mqtt-ws/testing";
const broker = await testBroker({ mosquitto: true });
const board: Board = await virtualBoard({ program: "a.js", modules: { "mqtt-ws": "v5" }, wifi: { ssid: "home" } });
const line: string = await board.until(/x/, { seconds: 5 });
const message: Message = await board.until({ topic: "a/#" });
const count: number = await board.until(() => broker.inbox("a").length);
// @ts-expect-error a field that does not exist
await board.advance({ minuets: 1 });
// @ts-expect-error no packet of a client
broker.answer("connack", "close");
console.log(line, message.payload, count);
`,
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(process.cwd(), "node_modules/typescript/bin/tsc"),
      ..."--noEmit --strict --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext".split(
        " ",
      ),
      ...["--typeRoots", join(process.cwd(), "node_modules/@types"), "use.ts"],
    ],
    { cwd: folder, encoding: "utf8" },
  );
  assert.equal(status, 0, stdout);
});
