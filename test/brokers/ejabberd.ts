// An ejabberd of the test's own: MQTT over WebSocket on a free port of 127.0.0.1, with access for everybody. Erlang
// starts it directly, because Debian's ejabberdctl insists on the user and configuration of the installed one.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort, untilListens } from "./mosquitto.ts";

/** Its folder of compiled modules, where Debian installs it; undefined if it is not installed. */
export function ejabberdModules(): string | undefined {
  try {
    for (const machine of readdirSync("/usr/lib"))
      for (const folder of machine.includes("-linux-") ? readdirSync(`/usr/lib/${machine}`) : [])
        if (/^ejabberd-[\d.]+-\d+$/.test(folder)) return `/usr/lib/${machine}/${folder}/ebin`;
  } catch {}
  return undefined;
}

/** Why tests with it are skipped, or false. Throws if CI is set, because CI must not skip tests. */
export function noEjabberd(): string | false {
  if (ejabberdModules()) return false;
  if (process.env.CI) throw new Error("ejabberd is not installed");
  return "ejabberd is not installed";
}

/** Starts it until the test ends; returns its URL. Any user name may log in, and may do everything. */
export async function ejabberd(t: TestContext): Promise<string> {
  const everybody = '      "#":\n        - allow: all';
  const port = await ejabberdWith(
    t,
    [
      "hosts: [localhost]",
      "listen:",
      '  - {port: 5280, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/mqtt: mod_mqtt}}',
      `modules:\n  mod_mqtt:\n    access_publish:\n${everybody}\n    access_subscribe:\n${everybody}`,
    ].join("\n"),
  );
  return `ws://test:test@127.0.0.1:${port}/mqtt`;
}

/** Starts it until the test ends with the lines of an ejabberd.yml; returns its port. Any user name may log in. */
export async function ejabberdWith(t: TestContext, text: string): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "ejabberd-"));
  const lines = ["loglevel: 1", "auth_method: [anonymous]", "anonymous_protocol: login_anon"];
  const own = text.replace("port: 5280", `port: ${port}`).replace('ip: "::"', 'ip: "127.0.0.1"');
  writeFileSync(join(folder, "ejabberd.yml"), `${lines.join("\n")}\n${own}\n`);
  const ebin = ejabberdModules() as string;
  const args = ["-noinput", "-pa", ebin, "-mnesia", "dir", `"${folder}/spool"`, "-s", "ejabberd"];
  const child = spawn("erl", args, {
    cwd: folder,
    stdio: "ignore",
    env: {
      ...process.env,
      ERL_LIBS: join(ebin, "../.."),
      EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
      EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
    },
  });
  const gone = new Promise((done) => child.on("close", done));
  t.after(async () => {
    child.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });
  await untilListens(port, "ejabberd", child);
  return port;
}
