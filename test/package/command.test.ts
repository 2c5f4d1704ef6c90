// The command `espruino-mqtt-ws` and the commands that need no board: what they print, and what they say to wrong words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { COMMANDS } from "../../tools/commands.ts";
import { Failure, OUTCOMES } from "../../tools/failures.ts";
import { notesOf } from "../../tools/release/notes.ts";
import { goodConfig, scratch, start, writeJson } from "../flash/command.ts";

const run = (t: TestContext, ...args: string[]) =>
  start(t, [process.execPath, "bin/espruino-mqtt-ws.js", ...args]).ended;

/** Ends with 2 and one sentence. */
async function refused(t: TestContext, args: string[], sentence: RegExp): Promise<void> {
  const { code, out, err } = await run(t, ...args);
  assert.equal(code, 2, `${args}: ${out}${err}`);
  assert.match(err, sentence);
  assert.equal(err.trim().split("\n").length, 1, err);
  assert.equal(out, "");
}

/** The same for the words behind a command, in this process: only the first word is cli.ts's. */
async function refusedHere([name, ...args]: string[], sentence: RegExp): Promise<void> {
  const command = await COMMANDS[name!]!.load();
  await assert.rejects(
    async () => command(args),
    (error) => {
      assert.ok(error instanceof Failure, `${(error as Error).stack}`);
      assert.equal(error.code, 2, error.message);
      assert.match(`${error.message}\n`, sentence);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    },
  );
}

test("command: without a word it says what it can do, and each command has a help in the same form", async (t) => {
  const { code, out } = await run(t);
  assert.equal(code, 0);
  for (const name of Object.keys(COMMANDS)) {
    assert.match(out, new RegExp(`^ {2}${name} `, "m"));
    const help = await run(t, name, "--help");
    assert.equal(help.code, 0, help.err);
    assert.match(help.out, new RegExp(`^npx espruino-mqtt-ws ${name} .*\\n\\n[A-Z]`));
    const codes = help.out.split("\nExit codes:\n")[1]!;
    assert.equal(codes.match(/^ +\d+ {2}\S/gm)!.length, OUTCOMES.length, name);
  }
  const { out: version } = await run(t, "--version");
  assert.equal(version, `${JSON.parse(readFileSync("package.json", "utf8")).version}\n`);
});

test("command: an unknown command, and an option in its place", async (t) => {
  await refused(t, ["nosuch"], /^there is no command nosuch: choose start, flash, .*, or see --help\.\n$/);
  await refused(t, ["--nosuch"], /^there is no option --nosuch: /);
  await refused(t, ["constructor"], /^there is no command constructor: /);
});

test("command: an unknown option, a value that is missing, and words that are missing or too many", async (t) => {
  // One through the command itself.
  await refused(t, ["start", "--nosuch"], /^Unknown option '--nosuch'.*: see --help\.\n$/);
  const first: Record<string, string[]> = { config: ["check"], update: ["status"], key: ["sign"] };
  for (const name of Object.keys(COMMANDS))
    await refusedHere(
      [name, ...(first[name] ?? []), "--nosuch"],
      /^Unknown option '--nosuch'.*: see --help\.\n$/,
    );
  await refusedHere(["start", "--app"], /'--app <value>' argument missing: see --help\.\n$/);
  await refusedHere(["image"], /^the name of the image is missing: write: image FILE\.\n$/);
  await refusedHere(["image", "a", "b"], /^one image at a time, not a and b: /);
  await refusedHere(
    ["image", "a", "--config", "b", "--no-config"],
    /^--config and --no-config do not go together: /,
  );
  await refusedHere(["decode", "a", "b"], /^one file at a time, not a and b: /);
  await refusedHere(["config"], /^what to do is missing: write: config check\.\n$/);
  await refusedHere(["config", "chekc"], /^config knows no chekc: write: config check\.\n$/);
  await refusedHere(["key"], /^a kind of key is missing: (\w+, )*sign\b/);
  await refusedHere(["key", "psssk"], /^no kind of key psssk: choose (\w+, )*sign\b/);
  await refusedHere(["new"], /^the folder is missing: write: new FOLDER\.\n$/);
  await refusedHere(["new", "My Garden"], /^"My Garden" is no name for a package: take small letters/);
  await refusedHere(["build"], /^the application's file is missing: write: build FILE\.\n$/);
  await refusedHere(
    ["start", "--bundle", "a", "--program", "b"],
    /^--bundle and --program do not go together: /,
  );
  await refusedHere(["start", "--program", "a", "--module", "big"], /^--module: expected stock, lean, /);
});

test("config check: a good file, a file with mistakes, and no file", async (t) => {
  const good = await run(t, "config", "check", goodConfig(t));
  assert.deepEqual([good.code, good.err], [0, ""]);
  assert.match(good.out, /config\.json is good for hello\n$/);
  const wrong = writeJson(t, {
    wifi: { ssid: "lab", password: "secret-1" },
    mqtt: { url: "nowhere", keepAlive: -1 },
  });
  const { code, out, err } = await run(t, "config", "check", wrong);
  assert.equal(code, 3);
  assert.match(err, /has a mistake in mqtt\.url.*; and in mqtt\.keepAlive/);
  assert.doesNotMatch(out + err, /secret/);
  const gone = await run(t, "config", "check", "/nosuch/config.json");
  assert.equal(gone.code, 3);
  assert.match(gone.err, /^there is no \/nosuch\/config\.json: /);
});

const LOG = [
  ["12:18:09.883 ", "e7 4 wire < 82 04 20 02 00 00"],
  ["12:18:09.884 ", "e8 2 mqtt CONNECTED to ws://127.0.0.1/mqtt"],
] as const;

test("decode: a log as the board sends it, as the monitor saves it, and as it saves it with --json", async (t) => {
  const file = join(scratch(t), "log");
  writeFileSync(file, LOG.map(([, line]) => `${line}\n`).join(""));
  const words = ["e7 4 wire < WebSocket data frame, 4 bytes", "e7 4 wire < CONNACK accepted", LOG[1][1]];
  assert.deepEqual((await run(t, "decode", file)).out.trimEnd().split("\n"), words);
  writeFileSync(file, LOG.map((parts) => `${parts.join("")}\n`).join(""));
  const times = [LOG[0][0], LOG[0][0], LOG[1][0]];
  const saved = words.map((text, i) => times[i] + text);
  assert.deepEqual((await run(t, "decode", file)).out.trimEnd().split("\n"), saved);
  writeFileSync(
    file,
    '{"time":"2026-11-27T12:18:09.883Z","ms":231,"level":4,"module":"wire","text":"< 82 04 20 02 00 00"}\n{"time":"2026-11-27T12:18:09.884Z","event":"back again"}\n',
  );
  const json = (await run(t, "decode", file)).out.trimEnd().split("\n");
  assert.deepEqual(
    json.slice(0, 2).map((line) => JSON.parse(line).text),
    ["< WebSocket data frame, 4 bytes", "< CONNACK accepted"],
  );
  assert.equal(json[2], '{"time":"2026-11-27T12:18:09.884Z","event":"back again"}');
  assert.equal((await run(t, "decode", "/nosuch")).code, 21);
});

test("key sign: 32 random bytes in a file for its owner alone; none is replaced, none is shown", async (t) => {
  const file = join(scratch(t), "sign.key");
  const { code, out, err } = await run(t, "key", "sign", "--file", file);
  assert.equal(code, 0, err);
  const key = readFileSync(file, "utf8").trim();
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.ok(!out.includes(key));
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = await run(t, "key", "sign", "--file", file);
  assert.equal(again.code, 27);
  assert.match(again.err, /sign\.key is there already: name another file with --file\.\n$/);
  assert.equal(readFileSync(file, "utf8").trim(), key);
});

test("image: without a configuration it has the program and nobody's config.json", async (t) => {
  const file = join(scratch(t), "bare.bin");
  const { code, out, err } = await run(t, "image", file, "--no-config", "--bundle", "dist/hello-lean.js");
  assert.equal(code, 0, err);
  assert.match(out, /bare\.bin is a Storage image, without a configuration: esptool write-flash/);
  const image = readFileSync(file);
  assert.ok(image.includes(".bootcde") && !image.includes("config.json\0"));
});

test("new: a project is written with its name everywhere, and never into a folder with files", async (t) => {
  for (const [option, file] of [
    [[], "program.js"],
    [["--app"], "application.ts"],
  ] as const) {
    const folder = join(scratch(t), "garden");
    const { code, out, err } = await run(t, "new", folder, ...option);
    assert.equal(code, 0, err);
    assert.match(out, /npm install\n {2}npm test\n {2}npm start\n$/);
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    assert.ok(names.includes(file) && names.includes(".gitignore") && names.includes("package.json"));
    for (const name of names.filter((name) => statSync(join(folder, name)).isFile()))
      assert.doesNotMatch(readFileSync(join(folder, name), "utf8"), /\{\{|["^]undefined/, name);
    assert.match(readFileSync(join(folder, file), "utf8"), /garden/);
    const again = await run(t, "new", folder, ...option);
    assert.equal(again.code, 21);
    assert.match(again.err, /garden is there and not empty: name a new folder\.\n$/);
  }
});

test("release notes: the section of the version, with its date", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.match(notesOf(readFileSync("CHANGELOG.md", "utf8"), version), /^\S/);
  assert.equal(notesOf("## [1.0.0] - 2026-01-02\n- a\n\n## [0.9.0] - 2026-01-01\n- b\n", "1.0.0"), "- a\n");
  assert.throws(() => notesOf("## [1.0.0]\n- a\n", "1.0.0"), /expected ## \[1\.0\.0\] - YYYY-MM-DD/);
  assert.throws(() => notesOf("## [1.0.0] - 2026-01-02\n", "1.0.1"), /no section ## \[1\.0\.1\]/);
});

test("release: the workflow has no token, and CI is .ci/run", () => {
  const release = readFileSync(".github/workflows/release.yml", "utf8");
  assert.match(release, /id-token: write/);
  assert.doesNotMatch(release, /secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  assert.match(readFileSync(".github/workflows/ci.yml", "utf8"), /\.ci\/run/);
  const { publishConfig, private: secret } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.deepEqual([publishConfig.provenance, secret], [true, undefined]);
});
