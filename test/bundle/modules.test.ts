// The source files of each bundle.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUNDLES, MODULE, nameOf } from "../../build/bundles.ts";
import { stampOf } from "./stamps.ts";

/** Files that a bundle must not have. */
const FORBIDDEN: [which: string, bundles: (row: (typeof BUNDLES)[number]) => boolean, files: RegExp][] = [
  ["tiny", ({ profile }) => profile === "tiny", /^src\/(mqtt\/qos2|link\/outbox-file)\./],
  ["lean", ({ transport }) => transport === "lean", /^board\/esp32\/socket\./],
  ["ws", ({ transport }) => transport === "ws", /^board\/esp32\/lean\./],
  [
    MODULE,
    ({ app }) => app === MODULE,
    /^(src\/(app|sign)\/|src\/config\/boot\.|board\/esp32\/(wifi|run|pins|chip)\.)/,
  ],
  [
    "hello",
    ({ app }) => app === "hello",
    /^(src\/(module|sign)\/|src\/app\/(device|signed)|board\/esp32\/(pins|chip)\.)/,
  ],
];

for (const bundle of BUNDLES) {
  const name = nameOf(bundle);

  if (bundle.profile !== "v5")
    test(`modules: ${name}, built without MQTT 5, has no file of it`, async () => {
      const files = Object.keys((await stampOf(name)).modules).filter((file) =>
        file.startsWith("src/mqtt/v5/"),
      );
      assert.deepEqual(files, []);
    });

  for (const [which, , forbidden] of FORBIDDEN.filter(([, bundles]) => bundles(bundle)))
    test(`modules: ${name}, as ${which}, has no forbidden file`, async () => {
      const files = Object.keys((await stampOf(name)).modules);
      assert.ok(files.length > 20);
      assert.deepEqual(
        files.filter((file) => forbidden.test(file)),
        [],
      );
    });
}

test("modules: every forbidden file is in another bundle", async () => {
  const all = (await Promise.all(BUNDLES.map((row) => stampOf(nameOf(row))))).flatMap((stamp) =>
    Object.keys(stamp.modules),
  );
  for (const [, , forbidden] of FORBIDDEN)
    assert.ok(
      all.some((file) => forbidden.test(file)),
      `${forbidden}`,
    );
});
