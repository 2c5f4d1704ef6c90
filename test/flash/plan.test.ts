// --dry-run compared with the text files in plans/, one for each board and each version of esptool; and the real calls of
// esptool. PORT and DIR in the files stand for paths that differ.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fakeWs, flash, goodConfig, scratch } from "./command.ts";

/** The files of a download of Espruino. */
const DOWNLOADS: Record<string, string[]> = {
  esp32: ["bootloader.bin", "partitions_espruino.bin", "espruino_esp32.bin", "README_flash.txt"],
  esp32c3: ["bootloader.bin", "partition-table.bin", "espruino-esp32c3.bin"],
  esp32s3: ["bootloader.bin", "partitions_espruino.bin", "espruino_2v27_esp32s3.bin"],
};
const VERSIONS: Record<string, [command: string, words: string]> = {
  4: ["esptool.py", "esptool.py v4.8.1\n4.8.1"],
  5: ["esptool", "esptool v5.1.0\n5.1.0"],
};

function download(t: TestContext, board: string): string {
  const folder = scratch(t);
  for (const name of DOWNLOADS[board]!) writeFileSync(join(folder, name), name);
  return folder;
}

/** A fake esptool: prints its version, records its arguments, ends with the given exit code. */
function fakeEsptool(
  t: TestContext,
  version: string,
  status = 0,
): { env: Record<string, string>; calls(): string[] } {
  const bin = join(scratch(t), "bin");
  mkdirSync(bin);
  const [command, words] = VERSIONS[version]!;
  const record = join(bin, "calls");
  writeFileSync(record, "");
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo "${words}"; exit 0; fi\necho "$0 $*" >>${record}\nexit ${status}\n`;
  writeFileSync(join(bin, command), script, { mode: 0o755 });
  // On a PC with a real esptool, its other spelling must not be found.
  const other = command === "esptool" ? "esptool.py" : "esptool";
  writeFileSync(join(bin, other), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const calls = () => readFileSync(record, "utf8").replaceAll(`${bin}/`, "").trim().split("\n");
  return { env: { PATH: `${bin}:${process.env.PATH}` }, calls };
}

function compare(name: string, text: string): void {
  const file = join("test/flash/plans", name);
  if (process.env.UPDATE_PLANS) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, "utf8"), file);
}

describe("--dry-run", { concurrency: 2 }, () => {
  for (const board of Object.keys(DOWNLOADS)) {
    for (const version of Object.keys(VERSIONS)) {
      test(`${board}, esptool ${version}`, async (t) => {
        const folder = download(t, board);
        const { env, calls } = fakeEsptool(t, version);
        const args = ["PORT", "--firmware", folder, "--erase", "--config", goodConfig(t), "--dry-run"];
        const { code, out, err } = await flash(t, args, env).ended;
        assert.equal(code, 0, err);
        compare(
          `${board}-esptool${version}.txt`,
          out.replaceAll(folder, "DIR").replaceAll(args[5]!, "CONFIG"),
        );
        assert.deepEqual(calls(), [""], "nothing was run");
      });
    }
  }

  const OTHERS: [name: string, args: string[]][] = [
    ["upload.txt", ["PORT"]],
    ["tiny-no-ble.txt", ["PORT", "--profile", "tiny", "--no-ble", "--erase", "--no-monitor"]],
    ["lean.txt", ["PORT", "--transport", "lean"]],
    ["v5.txt", ["PORT", "--profile", "v5"]],
    ["image.txt", ["--image", "storage.bin", "--ws", "ws.js"]],
  ];
  for (const [name, args] of OTHERS) {
    test(args.join(" "), async (t) => {
      const config = goodConfig(t);
      const { code, out } = await flash(t, [...args, "--config", config, "--dry-run"]).ended;
      assert.equal(code, 0);
      compare(name, out.replaceAll(config, "CONFIG"));
    });
  }

  test("without a configuration: the plan says that it is asked for", async (t) => {
    const { code, out } = await flash(t, ["PORT", "--config", join(scratch(t), "no.json"), "--dry-run"])
      .ended;
    assert.equal(code, 0);
    assert.match(out, /^ {2}ask +for .*no\.json, which is not there: three questions at a terminal$/m);
  });

  test("has no secret in it", async (t) => {
    const { out } = await flash(t, ["PORT", "--config", goodConfig(t, "ws://joe:secret-2@h/"), "--dry-run"])
      .ended;
    assert.doesNotMatch(out, /secret|joe/);
  });
});

test("every plan has its test", () => {
  assert.equal(readdirSync("test/flash/plans").length, 11);
});

describe("esptool", { concurrency: 2 }, () => {
  const args = (t: TestContext, folder: string) => [
    ...["/dev/nosuch", "--firmware", folder, "--bundle", "dist/hello.js"],
    ...["--config", goodConfig(t), "--ws", fakeWs(t)],
  ];

  test("4: its commands are called with underscores", async (t) => {
    const folder = download(t, "esp32");
    const { env, calls } = fakeEsptool(t, "4");
    const { code } = await flash(t, args(t, folder), env).ended;
    assert.equal(code, 9, "the port is not there, but esptool is a fake");
    assert.deepEqual(calls(), [
      "esptool.py --chip esp32 --port /dev/nosuch --baud 460800 --before default_reset --after hard_reset write_flash " +
        "--flash_mode dio --flash_freq 40m --flash_size detect " +
        `0x1000 ${folder}/bootloader.bin 0x8000 ${folder}/partitions_espruino.bin 0x10000 ${folder}/espruino_esp32.bin`,
    ]);
  });

  test("5: its commands are called with dashes, and erase is a call of its own", async (t) => {
    const folder = download(t, "esp32c3");
    const { env, calls } = fakeEsptool(t, "5");
    await flash(t, [...args(t, folder), "--erase"], env).ended;
    assert.deepEqual(calls(), [
      "esptool --chip esp32c3 --port /dev/nosuch --baud 460800 --before default-reset --after hard-reset erase-flash",
      "esptool --chip esp32c3 --port /dev/nosuch --baud 460800 --before default-reset --after hard-reset write-flash " +
        "--flash-mode dio --flash-freq 80m --flash-size detect " +
        `0x0 ${folder}/bootloader.bin 0x8000 ${folder}/partition-table.bin 0x10000 ${folder}/espruino-esp32c3.bin`,
    ]);
  });

  test("esptool fails: exit code and sentence say so", async (t) => {
    const { env } = fakeEsptool(t, "5", 2);
    const { code, err } = await flash(t, args(t, download(t, "esp32s3")), env).ended;
    assert.equal(code, 8);
    assert.match(err, /^esptool ended with 2: hold the board's BOOT button/);
  });

  test("esptool is not called when the download is incomplete", async (t) => {
    const { env, calls } = fakeEsptool(t, "5");
    const { code, err } = await flash(t, args(t, scratch(t)), env).ended;
    assert.equal(code, 21);
    assert.match(err, /^there is no espruino_esp32\*\.bin in /);
    assert.deepEqual(calls(), [""]);
  });
});
