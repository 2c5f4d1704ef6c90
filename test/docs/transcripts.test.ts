// What the pages show of a run is what a run prints: the same lines in the same order. Numbers may differ, except for
// sizes, which must be about right.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fences } from "../../tools/docs/pages.ts";
import { missing } from "../brokers/mosquitto.ts";
import { BUNDLE, flash, goodConfig, scratch, start } from "../flash/command.ts";
import { PretendBoard } from "../flash/pretend-board.ts";
import { Pty } from "../flash/pty.ts";

/** How far a size in a page may be from the real one. */
const SHARE = 0.1;

/** The lines of the text on a page that holds some words. */
function shown(page: string, words: string): string[] {
  const fence = fences(page).find(({ language, text }) => language === "text" && text.includes(words));
  assert.ok(fence, `${page} has no text with "${words}"`);
  return fence.text.trim().split("\n");
}

/** A line without what differs from run to run: times, ports, checksums, ids, numbers. */
function shape(line: string): string {
  return line
    .replace(/^\d\d:\d\d:\d\d\.\d{3} /, "TIME ")
    .replace(/^(TIME )?[0-9a-f]+ (?=[1-4] )/, "$1MS ")
    .replace(/\b[0-9a-f]{8,}\b/g, "HEX")
    .replace(/esp32-\S+/, "ID")
    .replace(/(?<= wifi Joining )\S+/, "NET")
    .replace(/\d+/g, "N");
}

/** The shapes of lines. How a server cuts its answers into chunks is left out: that differs, too. */
function shapes(lines: string[]): string[] {
  return lines.map(shape).filter((line) => !/ GOT N bytes /.test(line));
}

/** The log of a `hello`, as npm start prints it. */
async function helloLog(t: TestContext): Promise<string[]> {
  const run = start(t, [process.execPath, "bin/espruino-mqtt-ws.js", "start"]);
  const { code, out, err } = await run.ended;
  assert.equal(code, 0, err);
  return out.trim().split("\n");
}

test("docs: npm start prints what README shows", async (t) => {
  assert.deepEqual(shapes(await helloLog(t)), shapes(shown("README.md", "link DONE")));
});

test("docs: flash.sh prints what its page shows, and the sizes are about right", {
  skip: missing("socat"),
}, async (t) => {
  const modules = scratch(t);
  // As long as Espruino's, minified.
  writeFileSync(join(modules, "ws.js"), `exports="Sec-WebSocket-Key${" ".repeat(8_600)}";`);
  mkdirSync(join(modules, "home"));
  const pty = await Pty.start(t);
  const log = await helloLog(t);
  const board = new PretendBoard(pty, { log, files: { ".bootcde": "old" } });
  t.after(() => board.off());
  const args = [pty.path, ...BUNDLE, "--config", goodConfig(t), "--modules", modules];
  const run = flash(t, args, { XDG_CACHE_HOME: join(modules, "home") });
  await run.until(/link DONE/);
  run.child.kill("SIGINT");
  const { out } = await run.ended;
  const page = shown("docs/flash.md", "restarting the board");
  const real = out.trim().split("\n");
  const wanted = shapes(page);
  assert.deepEqual(shapes(real).slice(0, wanted.length), wanted, out);
  for (const line of page) {
    const [, what, bytes] = /^(sending (?:ws|parts\.|\.bootcde)).*, (\d+) bytes$/.exec(line) ?? [];
    if (what === undefined) continue;
    const found = real.find((each) => each.startsWith(what)) ?? "";
    const size = Number(/(\d+) bytes$/.exec(found)?.[1]);
    assert.ok(Math.abs(size - Number(bytes)) <= size * SHARE, `write in docs/flash.md: ${found}`);
  }
});
