// `npm start` as a user sees it: the log, the exit code, and one sentence for each mistake.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { freePort } from "../brokers/mosquitto.ts";
import { start as child } from "../flash/command.ts";

/** Runs the command; never rejects. */
function start(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["bin/espruino-mqtt-ws.js", "start", ...args]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

/** Runs the command while the test looks at what it prints. */
function running(t: TestContext, args: string[]) {
  return child(t, [process.execPath, "bin/espruino-mqtt-ws.js", "start", ...args]);
}

test("says hello with the embedded broker, and exits with 0", async () => {
  const { code, out, err } = await start();
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.match(out, /^[0-9a-f]+ 2 \S+ RECEIVED hello <- mg\/test$/m);
  assert.match(out, /SUBSCRIBED to mg\/test/);
});

test("--tls psk: the same through TLS with a pre-shared key", async () => {
  const { code, out, err } = await start("--tls", "psk");
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.match(out, / 2 boot wss: server authenticated by a pre-shared key, no forward secrecy$/m);
  assert.match(out, /CONNECTED to wss:/);
  assert.match(out, /^[0-9a-f]+ 2 \S+ RECEIVED hello <- mg\/test$/m);
  assert.match((await start("--tls", "cert")).err, /--tls: expected psk/);
  assert.match((await start("--tls", "psk", "--url", "ws://h/")).err, /--tls is for the demo's own broker/);
});

test("takes a topic, a message in any language, a profile and a log level", async () => {
  const { code, out } = await start(
    "--topic",
    "a/b",
    "--message",
    "grüß dich",
    "--profile",
    "tiny",
    "--log",
    "2",
  );
  assert.equal(code, 0);
  assert.match(out, /RECEIVED grüß dich <- a\/b/);
  assert.ok(out.split("\n").every((line) => !/^[0-9a-f]+ [34] /.test(line)));
});

test("--log 0: prints nothing, and exits with 0", async () => {
  assert.deepEqual(await start("--log", "0"), { code: 0, out: "", err: "" });
});

test("uses another broker, and a configuration file; options win over the file", async (t) => {
  const broker = await EmbeddedBroker.start({ user: "me", password: "secret" });
  t.after(() => broker.stop());
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify({ app: { topic: "of/file", message: "of file" } }));
  const url = broker.url.replace("//", "//me:secret@");
  const { code, out } = await start("--config", file, "--url", url, "--message", "of option");
  assert.equal(code, 0);
  assert.match(out, /RECEIVED of option <- of\/file/);
  assert.doesNotMatch(out, /secret/);
});

test("exits with 1 and the reason at the first failure", async () => {
  const { code, out, err } = await start("--url", "ws://127.0.0.1:1/mqtt");
  assert.equal(code, 1);
  assert.match(out, /link DOWN: .*, again in /);
  assert.match(err, /^No hello: .*refused/);
});

test("--speed 100: the board gives up after ten of its own seconds, and you see it wait", async (t) => {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const run = running(t, ["--speed", "100", "--url", `ws://127.0.0.1:${port}/`]);
  await run.until(/(link DOWN: no answer from the server.*, again in [\s\S]*){3}/);
  // The log's times are the board's.
  const [, ms = "0"] = /^([0-9a-f]+) 1 link DOWN/m.exec(run.out) ?? [];
  assert.ok(Number.parseInt(ms, 16) > 9000, run.out);
});

test("--timeout: a failure does not end it, and hello comes back once the broker is there", async (t) => {
  const port = await freePort();
  const run = running(t, ["--timeout", "600", "--url", `ws://127.0.0.1:${port}/mqtt`]);
  await run.until(/link DOWN: .*, again in/);
  const broker = await EmbeddedBroker.start({ port });
  t.after(() => broker.stop());
  assert.equal((await run.ended).code, 0, run.err);
});

test("--port: a port that is taken, and one beside mqtt.url of the file, are named, exit code 2", async (t) => {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  for (const option of ["--port", "--tcp-port"]) {
    const { code, err } = await start(option, new URL(broker.url).port);
    assert.equal(code, 2, err);
    assert.match(err, /^port \d+ of this PC cannot be had \(EADDRINUSE\): choose another\.$/m);
  }
  const file = join(mkdtempSync(join(tmpdir(), "config-")), "config.json");
  t.after(() => rmSync(dirname(file), { recursive: true }));
  writeFileSync(file, JSON.stringify({ mqtt: { url: broker.url } }));
  const { code, err } = await start("--port", "9", "--config", file);
  assert.equal(code, 2);
  assert.match(err, /own broker: take mqtt\.url out of the file/);
});

test("exits with 1 when the time is over", async (t) => {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const { code, err } = await start("--timeout", "0.001", "--url", broker.url);
  assert.equal(code, 1);
  assert.match(err, /^No hello: not done after 0\.001 s/);
});

const MISTAKES: [args: string[], sentence: RegExp][] = [
  [["--nonsense"], /nonsense/],
  [["--url", "http://user:secret@host"], /^--url: expected ws:/],
  [["--url", "ws://"], /^--url: expected ws:/],
  [["--log", "5"], /^--log: expected 0/],
  [["--profile", "huge"], /^--profile: expected full, tiny or v5/],
  [["--app", "nosuch"], /^there is no application nosuch: choose device, hello, signed by --app/],
  [["--app", "mqtt-ws"], /^mqtt-ws is a module for programs of your own, no application: choose device, /],
  [["--app", "mqtt-ws-lean"], /^there is no application mqtt-ws-lean/],
  [["--app", "hello-lean"], /^there is no application hello-lean/],
  [
    ["--app", "device", "--profile", "tiny"],
    /^device has no build with --profile tiny --transport ws: choose --profile full --transport ws or /,
  ],
  [["--topic", "a/#"], /^--topic: expected a topic name/],
  [["--timeout", "soon"], /^--timeout: expected a number/],
  [["--speed", "fast"], /^--speed: expected a number/],
  [["--port", "0"], /^--port: expected 1 to 65535/],
  [["--tcp-port", "mqtt"], /^--tcp-port: expected a port/],
  [
    ["--url", "ws://h/", "--port", "9001"],
    /^--port and --tcp-port are for the demo's own broker, not with --url/,
  ],
  [["--speed", "0"], /^--speed: expected 0\.1 to 1000/],
  [["--config", "nosuch.json"], /^--config: nosuch\.json cannot be read/],
  [["--config", "README.md"], /^--config: README\.md (is not JSON|cannot be read)/],
];

for (const [args, sentence] of MISTAKES) {
  test(`${args.join(" ")} is one sentence and exit code 2`, async () => {
    const { code, out, err } = await start(...args);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, sentence);
    assert.equal(err.trim().split("\n").length, 1);
    assert.doesNotMatch(err, /secret/);
  });
}

test("--help lists the options", async () => {
  const { code, out } = await start("--help");
  assert.equal(code, 0);
  for (const option of [
    "url",
    "port",
    "tcp-port",
    "topic",
    "message",
    "log",
    "app",
    "profile",
    "config",
    "timeout",
    "speed",
  ]) {
    assert.match(out, new RegExp(`--${option} `));
  }
});
