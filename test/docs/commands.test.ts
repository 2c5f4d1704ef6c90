// Every command that README, CONTRIBUTING and docs show in a fence runs, or is on a list with its reason.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { commandsIn, fences, pages } from "../../tools/docs/pages.ts";
import { freePort, missing, mosquittoPorts, untilListens } from "../brokers/mosquitto.ts";
import { certificate, noOpenssl } from "../brokers/tls.ts";
import { RUNS, type Run, SKIPPED } from "./commands.ts";

const SHELL = pages()
  .flatMap(fences)
  .filter(({ language }) => language === "sh");
const SHOWN = new Set(SHELL.flatMap(commandsIn).flatMap((line) => line.split(" && ")));

test("docs: every command is run by a test or is on the list of commands that no test runs", () => {
  const unknown = [...SHOWN].filter((command) => !RUNS[command] && !SKIPPED[command]);
  assert.deepEqual(unknown, [], "add them to test/docs/commands.ts");
});

test("docs: every command on the lists is in a page", () => {
  const gone = Object.keys({ ...RUNS, ...SKIPPED }).filter((command) => !SHOWN.has(command));
  assert.deepEqual(gone, [], "take them out of test/docs/commands.ts");
});

test("docs: every fence names its language", () => {
  const known = ["sh", "text", "json", "js", "ts"];
  for (const { page, line, language } of pages().flatMap(fences))
    assert.ok(
      known.includes(language),
      `${page}:${line}: "${language}", expected one of ${known.join(", ")}`,
    );
});

for (const [command, run] of Object.entries(RUNS)) {
  const skip = run.needs === "broker" ? missing("mosquitto") : run.needs === "identity" && noOpenssl;
  test(`docs: the command runs and prints the expected text: ${command}`, { skip }, async (t) => {
    const folder = run.needs === "example" || run.needs === "identity" ? scratch(t, run) : process.cwd();
    const port = run.needs === "broker" ? (await mosquittoPorts(t)).ws : 9001;
    const words = [command.replace(":9001/", `:${port}/`), run.more].filter(Boolean).join(" ");
    const { status, output } = await shell(words, folder, run);
    assert.equal(status, 0, output);
    assert.match(output, run.prints);
    for (const file of run.writes ?? []) assert.ok(statSync(join(folder, file)).size > 0, file);
  });
}

test("docs: mosquitto starts with the configuration of the page", {
  skip: missing("mosquitto"),
}, async (t) => {
  const text = fences("docs/brokers.md").find(({ text }) => text.includes("protocol websockets"))!.text;
  const [tcp, ws] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const ports = text.replace("listener 1883", `listener ${tcp}`).replace("listener 9001", `listener ${ws}`);
  assert.notEqual(ports, text);
  writeFileSync(join(folder, "mosquitto.conf"), ports);
  const child = spawn("mosquitto", ["-c", "mosquitto.conf"], { cwd: folder, stdio: "ignore" });
  const gone = new Promise((done) => child.on("close", done));
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  await untilListens(ws, "mosquitto", child);
  const { status, output } = await shell(`npm start -- --url ws://127.0.0.1:${ws}/mqtt`, process.cwd());
  assert.equal(status, 0, output);
});

/** A folder with the files that the command finds in a clone of the repository. */
function scratch(t: TestContext, { needs }: Run): string {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "board"));
  cpSync("board/config.example.json", join(folder, "board/config.example.json"));
  if (needs === "identity") {
    const { cert, key } = certificate();
    writeFileSync(join(folder, "client.pem"), cert);
    writeFileSync(join(folder, "key.pem"), key);
  }
  return folder;
}

/** Runs a line in a shell. */
async function shell(
  line: string,
  cwd: string,
  { prints, types }: Partial<Run> = {},
): Promise<{ status: number | null; output: string }> {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const child = spawn("bash", ["-c", line], { cwd, env, timeout: LAST_RESORT_MS });
  let output = "";
  child.stdout.on("data", (bytes) => {
    output += bytes;
    if (types !== undefined && prints?.test(output)) child.stdin.end(`${types}\n`);
  });
  child.stderr.on("data", (bytes) => (output += bytes));
  if (types === undefined) child.stdin.end();
  const status = await new Promise<number | null>((done) => child.on("close", done));
  return { status, output: output.replace(/^> .*\n/gm, "").trimStart() };
}
