// How the kit reads what a Linux build prints, with a script in place of the engine.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LinuxEngine } from "../../testing/linux-engine.ts";

/** Prints half a line, a line as an error when it is told to, and then the other half. */
const HALVES = `#!/bin/sh
: > espruino.flash
[ "$1" = setup.js ] && exit
printf 'ready\\nhal'
read go
echo noise >&2
read go
echo f
`;

test("an error in the middle of a printed line does not cut the line", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "halves-"));
  const path = join(folder, "engine");
  writeFileSync(path, HALVES, { mode: 0o755 });
  const engine = new LinuxEngine({ path }, {}).boot();
  t.after(async () => {
    await engine.off();
    rmSync(folder, { recursive: true });
  });
  await engine.line(/^ready$/);
  engine.type("go");
  await engine.line(/^noise$/);
  engine.type("go");
  await engine.ended();
  await engine.line(/^f$|^half$/);
  assert.deepEqual(engine.lines, ["ready", "noise", "half"]);
});
