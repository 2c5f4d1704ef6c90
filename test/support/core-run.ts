// Runs tests of the core once more, against another build of it, in a process with its conditions.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";

/** The test files of some folders. */
export function filesIn(...folders: string[]): string[] {
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return files.filter((file) => file.endsWith(".test.ts"));
}

/**
 * Runs the test files in one process. Rejects with the tests that fail.
 * @param env variables of the environment; `undefined` takes one away
 */
export async function runCore(
  conditions: string[],
  files: string[],
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const names = conditions.map((name) => `--conditions=${name}`);
  const args = [...names, "--import", "tsx", "--test-reporter=tap", "test/support/together.ts", ...files];
  const all = { ...process.env, NODE_TEST_CONTEXT: undefined, ...env };
  const { code, out, err } = await ended(args, all);
  const failed = out.split(/^(?=# Subtest: )/m).filter((text) => /^not ok/m.test(text));
  assert.equal(failed.join(""), "");
  assert.equal(code, 0, err);
  assert.ok(Number(/^# pass (\d+)$/m.exec(out)?.[1]) > 200, "tests ran at all");
}

function ended(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes) => out.push(bytes));
    child.stderr.on("data", (bytes) => err.push(bytes));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, out: `${Buffer.concat(out)}`, err: `${Buffer.concat(err)}` }),
    );
  });
}
