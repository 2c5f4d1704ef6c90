// The JSON, JavaScript and TypeScript that pages show: all are parsed, complete ones are checked or run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { programOf } from "../../board/virtual/program.ts";
import { type Fence, fences, pages } from "../../tools/docs/pages.ts";
import { judgeConfig } from "../../tools/flash/config.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { virtual } from "../module/places.ts";

const ALL = pages().flatMap(fences);
const in_ = (language: string) => ALL.filter((fence) => fence.language === language);
const named = ({ page, line }: Fence) => `${page}:${line}`;

for (const fence of in_("json")) {
  test(`docs: the firmware accepts the configuration of ${named(fence)}`, async () => {
    const json = JSON.parse(fence.text);
    const program = programOf(`dist/${json.device ? "device" : "hello"}.js`);
    const remarks = await judgeConfig(program, json, named(fence));
    // The example does send a password to a public broker.
    assert.deepEqual(
      remarks.filter((remark) => !/^warning: mqtt\.url sends a password/.test(remark)),
      [],
    );
  });
}

for (const fence of [...in_("ts"), ...in_("js")]) {
  test(`docs: the code of ${named(fence)} parses`, () => {
    // A whole file, members of an object, or elements of a list.
    const forms = [fence.text, `({ ${fence.text.trim()} })`, `[${fence.text}]`];
    const faults = forms.map((text) => {
      const { diagnostics } = ts.transpileModule(text, {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      return diagnostics!.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    });
    assert.ok(
      faults.some((list) => list.length === 0),
      faults.join("\n"),
    );
  });
}

test("docs: the module's first program behaves as the page says", {
  skip: missing("mosquitto"),
}, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const [fence] = fences("docs/module.md").filter(({ language }) => language === "js");
  const board = virtual(t, fence!.text.replace("joe:secret@192.168.1.10:9001", `127.0.0.1:${ws}`));
  board.boot();
  await board.untilLine(/^arrived$/);
  assert.equal(board.lines[0], "connected false");
});

test("docs: the server's side of signed messages runs as the page shows it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync("docs/signing.mjs", join(folder, "signing.mjs"));
  const [fence] = fences("docs/signing.md").filter(({ language }) => language === "js");
  // A client that receives its own messages, and the names that the page assumes.
  const around = `
    import { readFileSync, writeFileSync } from "node:fs";
    const key = "00112233445566778899aabbccddeeff";
    const file = "state.json";
    writeFileSync(file, "{}");
    const sent = [];
    const client = {
      publish: (...message) => sent.push(message),
      on: (_event, heard) => sent.forEach(([topic, envelope]) => heard(topic, envelope)),
    };
    console.log = ({ sender, payload, why }) => process.stdout.write(why ?? sender + " " + payload);`;
  writeFileSync(join(folder, "server.mjs"), `${around}\n${fence!.text}`);
  const { stdout, stderr } = spawnSync(process.execPath, ["server.mjs"], { cwd: folder, encoding: "utf8" });
  assert.equal(stdout, "server light on", stderr);
});
