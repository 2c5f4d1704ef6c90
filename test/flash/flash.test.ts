// flash.sh as a user sees it: exit codes, one sentence for each mistake, images, the end of an upload.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { codeIn, nameOf, programOf } from "../../board/virtual/program.ts";
import { fileOf } from "../../src/program/file.ts";
import { OUTCOMES } from "../../tools/failures.ts";
import { whole } from "../../tools/flash/broker-url.ts";
import { FLASH_USAGE } from "../../tools/options.ts";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing } from "../brokers/mosquitto.ts";
import { until } from "../support/until.ts";
import {
  BUNDLE,
  fails,
  fakeWs,
  flash,
  goodConfig,
  noTerminal,
  scratch,
  start,
  writeJson,
} from "./command.ts";
import { PretendBoard } from "./pretend-board.ts";
import { Pty } from "./pty.ts";

const skip = missing("socat");

const CONFIGS: [what: string, json: unknown, sentence: RegExp][] = [
  ["no JSON", '{\n"wifi": {"ssid": "secret",}\n}', /is not JSON/],
  ["no object", "[]", /must hold an object/],
  ["no key that is good", { wifi: "secret", mqtt: 1 }, /wifi: expected an object/],
  ["a missing key", { wifi: {}, mqtt: { url: "ws://h" } }, /wifi\.ssid: expected/],
  ["a bad URL", { wifi: { ssid: "secret" }, mqtt: { url: "http://a:secret@h" } }, /mqtt\.url: expected ws:/],
  [
    "the example's values",
    JSON.parse(readFileSync("board/config.example.json", "utf8")),
    /still has the example's wifi\.ssid and wifi\.password and mqtt\.url/,
  ],
  [
    "the stars of config-get",
    {
      wifi: { ssid: "secret", password: "***" },
      mqtt: { url: "ws://***@h/mqtt", properties: { userProperties: [["a", "***"]] } },
    },
    /has \*\*\* as wifi\.password and mqtt\.url and mqtt\.properties\.userProperties\.0\.1, the stars that config-get shows/,
  ],
];

describe("flash.sh refuses", { concurrency: 2 }, () => {
  for (const [what, json, sentence] of CONFIGS) {
    test(`a configuration with ${what}`, async (t) => {
      await fails(t, [...BUNDLE, "--config", writeJson(t, json), "nosuch"], 3, sentence);
    });
  }

  // The bundle judges the first of them, this tool the others.
  for (const [what, json, sentence] of CONFIGS.slice(-3)) {
    test(`with --dry-run, too, a configuration with ${what}`, async (t) => {
      const { out } = await fails(
        t,
        [...BUNDLE, "--dry-run", "--config", writeJson(t, json), "nosuch"],
        3,
        sentence,
      );
      assert.equal(out, "", "a plan that would not be carried out");
    });
  }

  test("to go on without a configuration", async (t) => {
    await fails(
      t,
      [...BUNDLE, "--config", "nosuch.json"],
      3,
      /there is no nosuch\.json: copy board\/config\.example\.json/,
    );
  });

  test("an unknown option", async (t) => {
    await fails(t, ["--nonsense"], 2, /nonsense/);
  });

  test("two ports", async (t) => {
    await fails(t, ["a", "b"], 2, /one port at a time, not a and b/);
  });

  test("a bundle that is not there", async (t) => {
    await fails(
      t,
      ["--app", "nosuch", "--config", goodConfig(t)],
      4,
      /there is no application nosuch: choose device, hello, signed by --app/,
    );
  });

  test("a port that is not there", async (t) => {
    await fails(
      t,
      ["/dev/nosuch", ...BUNDLE, "--config", goodConfig(t), "--ws", fakeWs(t)],
      9,
      /there is no port \/dev\/nosuch/,
    );
  });

  test("a file that is no port", async (t) => {
    await fails(
      t,
      ["package.json", ...BUNDLE, "--config", goodConfig(t), "--ws", fakeWs(t)],
      9,
      /package\.json/,
    );
  });

  test("a port that another program has open", { skip }, async (t) => {
    const pty = await Pty.start(t);
    const line = await SerialLine.open(pty.path);
    t.after(() => line.close());
    await fails(
      t,
      [pty.path, ...BUNDLE, "--config", goodConfig(t), "--ws", fakeWs(t)],
      11,
      /is in use: close the program/,
    );
  });

  test("to write Espruino without esptool", async (t) => {
    const folder = scratch(t);
    // A PATH with node and without esptool.
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const tool of ["bash", "dirname", "env"]) link(tool, bin);
    writeFileSync(join(bin, "node"), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
    const args = [
      "/dev/nosuch",
      ...BUNDLE,
      "--config",
      goodConfig(t),
      "--ws",
      fakeWs(t),
      "--firmware",
      folder,
    ];
    await fails(t, args, 7, /no esptool on the PATH: install it with "pip install esptool"/, { PATH: bin });
  });
});

function link(tool: string, bin: string): void {
  const path = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
  writeFileSync(join(bin, tool), `#!/bin/sh\nexec ${path} "$@"\n`);
  chmodSync(join(bin, tool), 0o755);
}

test("--image writes a Storage that holds the files", async (t) => {
  const file = join(scratch(t), "storage.bin");
  const { code, out, err } = await flash(t, [
    "--image",
    file,
    ...BUNDLE,
    "--config",
    goodConfig(t),
    "--ws",
    fakeWs(t),
  ]).ended;
  assert.equal(code, 0, err);
  assert.match(out, /esptool write-flash 0x320000 /);
  const image = readFileSync(file);
  assert.equal(image.length, 917504);
  assert.equal(statSync(file).mode & 0o077, 0, "it has a password in it");
  for (const [name, text] of Object.entries(programOf("dist/hello.js")))
    assert.ok(image.includes(Buffer.from(name.padEnd(28, "\0") + text, "latin1")), name);
});

test("wss: a client certificate beside the configuration is uploaded if it is DER", async (t) => {
  const folder = scratch(t);
  const file = join(folder, "config.json");
  const image = join(folder, "storage.bin");
  const mqtt = { url: "wss://127.0.0.1/", tls: "unverified" };
  writeFileSync(file, JSON.stringify({ wifi: { ssid: "net" }, mqtt }));
  const der = Buffer.from([0x30, 0x82, 0, 1, 5, 0xff]);
  writeFileSync(join(folder, "client.crt"), der);
  writeFileSync(join(folder, "client.key"), "-----BEGIN PRIVATE KEY-----");
  const args = ["--image", image, ...BUNDLE, "--config", file, "--ws", fakeWs(t)];
  await fails(t, args, 21, /client\.key is not DER/);
  writeFileSync(join(folder, "client.key"), der);
  const { code, err } = await flash(t, args).ended;
  assert.equal(code, 0, err);
  for (const name of ["client.crt", "client.key"])
    assert.ok(readFileSync(image).includes(Buffer.concat([Buffer.from(name.padEnd(28, "\0")), der])), name);
});

const ASKS = {
  ssid: /\(SSID\): $/,
  password: /\(not shown\): $/,
  broker: /:port\]\/path\): $/,
  tls: /for another URL: $/,
  key: /base64 \(not shown\): $/,
};

/** Runs flash.sh at a terminal, answers its questions, and returns what it printed, its file, and the image. */
async function answered(t: TestContext, answers: [question: keyof typeof ASKS, answer: string][]) {
  const folder = scratch(t);
  const [file, image] = [join(folder, "config.json"), join(folder, "image")];
  const command = `bash flash.sh --image ${image} ${BUNDLE.join(" ")} --ws ${fakeWs(t)} --config ${file}`;
  const run = start(t, ["script", "-qec", command, "/dev/null"], { TERM: "dumb" });
  let seen = 0;
  for (const [question, answer] of answers) {
    await until(
      () => ASKS[question].test(run.out.slice(seen)),
      question,
      () => run.out,
    );
    assert.throws(() => statSync(file), "written before it was judged");
    seen = run.out.length;
    run.child.stdin?.write(`${answer}\r`);
  }
  const { code, out } = await run.ended;
  assert.equal(code, 0, out);
  assert.doesNotMatch(out, /secret/);
  assert.equal(statSync(file).mode & 0o077, 0);
  return { out, json: JSON.parse(readFileSync(file, "utf8")), image: readFileSync(image) };
}

test("asks for a configuration at a terminal, and shows no password", { skip: noTerminal }, async (t) => {
  const { json, image } = await answered(t, [
    ["ssid", "grün"],
    ["password", "secret-1"],
    ["broker", "ws://h/mqtt"],
  ]);
  assert.deepEqual(json, { wifi: { ssid: "grün", password: "secret-1" }, mqtt: { url: "ws://h/mqtt" } });
  assert.ok(image.includes(JSON.stringify(json)));
});

test("at a terminal an answer that the firmware refuses is asked for again, and is not written", {
  skip: noTerminal,
}, async (t) => {
  const { out, json } = await answered(t, [
    ["ssid", ""],
    ["ssid", "your-network"],
    ["ssid", "lab"],
    ["password", "secret".repeat(20)],
    ["password", "secret-1"],
    ["broker", ""],
    ["broker", "http://h/"],
    ["broker", "mqtt://h:1883"],
    ["broker", "wss://h/mqtt"],
    ["tls", ""],
    ["broker", "wss://h/mqtt"],
    ["tls", "unverified"],
  ]);
  assert.match(out, /That does not do\. wifi\.ssid: expected text of 1\.\.32 bytes\./);
  assert.match(out, /That does not do\. wifi\.password: expected text of 0\.\.64 bytes\./);
  assert.match(out, /That does not do\. mqtt\.url: expected ws:/);
  assert.deepEqual(json.mqtt, { url: "wss://h/mqtt", tls: "unverified" });
});

test("at a terminal a wss:// URL gets a pre-shared key, which is not shown", {
  skip: noTerminal,
}, async (t) => {
  const key = "5ec2e7".repeat(8);
  const { out, json } = await answered(t, [
    ["ssid", "lab"],
    ["password", ""],
    ["broker", "wss://h/mqtt"],
    ["tls", "garden-7"],
    ["key", "secret"],
    ["broker", "wss://h/mqtt"],
    ["tls", "garden-7"],
    ["key", key],
  ]);
  assert.match(out, /That does not do\. mqtt\.tls\.psk\.key: expected a key of 16\.\.64 bytes/);
  assert.doesNotMatch(out, /5ec2e75ec2e7/);
  assert.deepEqual(json.mqtt, { url: "wss://h/mqtt", tls: { psk: { identity: "garden-7", key } } });
});

test("at a terminal the bare host of a broker is a fair answer", { skip: noTerminal }, async (t) => {
  const { out, json } = await answered(t, [
    ["ssid", "lab"],
    ["password", ""],
    ["broker", "joe:word-2@broker.lan"],
  ]);
  assert.match(out, /Taken as ws:\/\/\.\.\.@broker\.lan:9001\/mqtt/);
  assert.equal(json.mqtt.url, "ws://joe:word-2@broker.lan:9001/mqtt");
});

test("a host without scheme, port or path gets the usual ones", () => {
  for (const [answer, url] of [
    ["broker", "ws://broker:9001/mqtt"],
    ["10.0.0.2:8083", "ws://10.0.0.2:8083/mqtt"],
    ["broker/ws?a=b", "ws://broker:9001/ws?a=b"],
    ["[fe80::1]", "ws://[fe80::1]:9001/mqtt"],
    ["[fe80::1]:80/", "ws://[fe80::1]:80/"],
    [" ws://h ", "ws://h"],
    ["WSS://h/x", "WSS://h/x"],
    ["tcp://h:1", "tcp://h:1"],
  ])
    assert.equal(whole(answer!), url);
});

test("--no-monitor: the upload ends with 0 once the link is up", { skip }, async (t) => {
  const pty = await Pty.start(t);
  const log = ["1 2 boot hello", "5 2 wifi Joined", "1a3f 2 mqtt CONNECTED to ws://h/"];
  const board = new PretendBoard(pty, { log, files: { ".bootcde": "old" } });
  t.after(() => board.off());
  const run = flash(t, [pty.path, ...BUNDLE, "--config", goodConfig(t), "--ws", fakeWs(t), "--no-monitor"]);
  const { code, out, err } = await run.ended;
  assert.equal(code, 0, out + err);
  assert.match(out, /\d\d:\d\d:\d\d\.\d{3} 1a3f 2 mqtt CONNECTED to ws:\/\/h\/\n.* -- the link is up\n$/);
  const program = codeIn(programOf("dist/hello.js"));
  assert.equal(board.flash.get(fileOf(nameOf(program))), program);
  assert.equal(board.running, program.split("/*")[0]);
});

test("Ctrl-C in the middle of an upload: exit code 130, and the old program runs again", {
  skip,
}, async (t) => {
  const pty = await Pty.start(t);
  let stop = () => {};
  let writes = 0;
  const onWrite = (_name: string, data: string) => {
    if (++writes === 3) stop();
    return data;
  };
  const board = new PretendBoard(pty, { onWrite, files: { ".bootcde": "old" } });
  t.after(() => board.off());
  const run = flash(t, [pty.path, ...BUNDLE, "--config", goodConfig(t), "--ws", fakeWs(t), "--no-monitor"]);
  stop = () => void run.child.kill("SIGINT");
  const { code, err } = await run.ended;
  assert.equal(code, 130);
  assert.match(err, /^stopped in the middle of the upload/);
  assert.deepEqual([...board.flash], [[".bootcde", "old"]]);
  await until(() => board.running === "old", "the old program");
});

test("--help has every option and every exit code", async (t) => {
  const { code, out } = await flash(t, ["--help"]).ended;
  assert.equal(code, 0);
  assert.equal(out, FLASH_USAGE);
  for (const { code, meaning } of OUTCOMES)
    assert.ok(out.includes(`${String(code).padStart(3)}  ${meaning}\n`));
});

test("flash.sh passes shellcheck", { skip: missing("shellcheck") }, () => {
  const { status, stdout } = spawnSync("shellcheck", ["flash.sh"], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
