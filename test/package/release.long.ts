// The files of a release: whole, without anybody's configuration, and the same bytes each time.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { BUNDLES, LOADER, MODULE, nameOf } from "../../build/bundles.ts";
import { ensurePage, PAGES, webFiles } from "../../build/web/pages.ts";
import { boardOf } from "../virtual/boards.ts";

// The command builds them first (package.json).
before(async () => {
  for (const page of PAGES) await ensurePage(page, () => {});
});

test("release: modules, applications, images, checksums and the list of libraries, twice the same", async (t) => {
  const home = mkdtempSync(join(tmpdir(), "release-"));
  t.after(() => rmSync(home, { recursive: true }));
  const [first, second] = [join(home, "1"), join(home, "2")];
  for (const folder of [first, second])
    execFileSync(process.execPath, ["--import", "tsx", "tools/release/files.ts", folder]);
  const names = readdirSync(first).sort();
  assert.deepEqual(readdirSync(second).sort(), names);
  for (const name of names)
    assert.ok(readFileSync(join(first, name)).equals(readFileSync(join(second, name))), name);

  const lean = BUNDLES.filter(({ app, transport }) => app !== MODULE && transport === "lean").map(nameOf);
  const expected = [
    ...[...BUNDLES, LOADER].map((bundle) => `${nameOf(bundle)}.js`),
    ...lean.map((name) => `storage-${name}.bin`),
    ...webFiles().map((file) => basename(file)),
    ...["SHA256SUMS", "config.example.json", "mqtt-ws.d.ts", "sbom.cdx.json"],
  ];
  assert.deepEqual(names, expected.sort());
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: first });
  const summed = readFileSync(join(first, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  assert.equal(summed.length, names.length - 1);

  const sbom = JSON.parse(readFileSync(join(first, "sbom.cdx.json"), "utf8"));
  assert.equal(sbom.bomFormat, "CycloneDX");
  assert.equal(sbom.metadata.component.name, "espruino-mqtt-ws");
  const listed = sbom.components.map(({ name }: { name: string }) => name);
  for (const name of ["mqtt", "ws", "aedes", "serialport", "@noble/post-quantum", "socks"])
    assert.ok(listed.includes(name), name);
  for (const name of ["typescript", "espruino"]) assert.ok(!listed.includes(name), name);
});

test("release: a board with an image says that its configuration is missing", async (t) => {
  const home = mkdtempSync(join(tmpdir(), "release-"));
  t.after(() => rmSync(home, { recursive: true }));
  execFileSync(process.execPath, ["--import", "tsx", "tools/release/files.ts", home]);
  const board = boardOf(t, filesIn(readFileSync(join(home, "storage-device-lean.bin"))));
  board.boot();
  await board.untilLine(/ 1 config .*config\.json/);
});

/** The files of an image of Storage: a header of 32 bytes each, with the length in front. */
function filesIn(image: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  for (let at = 0; image.readUInt32LE(at) !== 0xffffffff; ) {
    const length = image.readUInt32LE(at);
    const name = image.toString("latin1", at + 4, at + 32).replace(/\0.*$/s, "");
    files[name] = image.toString("latin1", at + 32, at + 32 + length);
    at += (32 + length + 3) & ~3;
  }
  return files;
}
