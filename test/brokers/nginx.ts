// An nginx of the test's own, with one server block.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { untilListens } from "./mosquitto.ts";

/** Debian has it where only root's PATH goes. */
const PATH = `${process.env.PATH}:/usr/sbin`;

/** Why tests with it are skipped, or false. Throws if CI is set, because CI must not skip tests. */
export function noNginx(): string | false {
  const found = spawnSync("sh", ["-c", "command -v nginx"], { env: { ...process.env, PATH } }).status === 0;
  if (!found && process.env.CI) throw new Error("nginx is not installed");
  return !found && "nginx is not installed";
}

/** Starts it until the test ends; the server block must listen on this port of 127.0.0.1. */
export async function nginx(t: TestContext, server: string, port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const lines = [
    // Started as root, its workers would otherwise be a user that cannot write into its folder.
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    "daemon off;",
    "pid pid;",
    "error_log error.log;",
    "events {}",
    `http {\naccess_log off;\n${paths.map((name) => `${name}_temp_path ${name};`).join("\n")}\n${server}\n}`,
  ];
  writeFileSync(join(folder, "nginx.conf"), lines.join("\n"));
  const args = ["-p", folder, "-c", "nginx.conf", "-e", "error.log"];
  const child = spawn("nginx", args, { stdio: "ignore", env: { ...process.env, PATH } });
  const gone = new Promise((done) => child.on("close", done));
  t.after(async () => {
    // It ends its workers, too.
    child.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  await untilListens(port, "nginx", child);
}
