// The package as users get it: packed, installed into an empty project from a registry on 127.0.0.1, and every door of it
// opened there, with no network beyond 127.0.0.1.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { newUser, type Result, tarball, type User } from "./user.ts";

const FILE = tarball();

function good({ code, out, err }: Result): string {
  assert.equal(code, 0, out + err);
  return out;
}

test("package: publint finds nothing to say", async () => {
  const { messages, pkg } = await publint({ pack: { tarball: bytesOf(FILE) }, strict: true });
  const words = messages.map((message) => formatMessage(message, pkg!)!);
  // The test kit has its place before it is there.
  assert.deepEqual(
    words.filter((text) => existsSync("testing/index.ts") || !text.includes('exports["./testing"]')),
    [],
  );
});

function bytesOf(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(file)).buffer as ArrayBuffer;
}

test("package: it needs at most five libraries, and no tool of ours", () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.deepEqual(Object.keys(dependencies), ["@noble/post-quantum", "aedes", "mqtt", "mqtt-packet", "ws"]);
  assert.deepEqual(Object.keys(optionalDependencies), ["serialport"]);
});

describe("package: the doors", () => {
  let user: User;
  let broker: EmbeddedBroker;

  const ends: (() => unknown)[] = [];

  before(async () => {
    user = await newUser({ after: (end) => void ends.push(end as () => unknown) }, FILE);
    broker = await EmbeddedBroker.start();
    writeFileSync(
      join(user.folder, "package.json"),
      '{ "name": "garden", "private": true, "type": "module" }\n',
    );
    good(await user.run("npm install espruino-mqtt-ws"));
  });
  after(async () => {
    await broker.stop();
    for (const end of ends) await end();
  });

  test("the command names its commands, and each has a help of one style", async () => {
    const out = good(await user.run("npx espruino-mqtt-ws --help"));
    const names = [...out.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name!);
    assert.ok(names.includes("start") && names.includes("new"), out);
    for (const name of names) {
      const help = good(await user.run(`npx espruino-mqtt-ws ${name} --help`));
      assert.match(help, new RegExp(`^npx espruino-mqtt-ws ${name} `), name);
      assert.match(help, /\n {2}--help +this text\n[\s\S]*\nExit codes:\n {4}0 {2}all is well\n/, name);
    }
    assert.equal(good(await user.run("npx espruino-mqtt-ws --version")), `${versionOf(user)}\n`);
  });

  test("start says hello", async () => {
    assert.match(
      good(await user.run("npx espruino-mqtt-ws start")),
      /hello RECEIVED hello <- mg\/test\n.*DONE/,
    );
    assert.match(good(await user.run("npx espruino-mqtt-ws start --transport lean")), /RECEIVED hello/);
  });

  test("config check, image and the plan of flash judge the user's config.json", async () => {
    const none = await user.run("npx espruino-mqtt-ws config check");
    assert.equal(none.code, 3);
    assert.match(none.err, /^there is no config\.json: .*\n$/);
    writeConfig({ wifi: { ssid: "home", password: "secret-1" }, mqtt: { url: broker.url, keepAlive: -1 } });
    const wrong = await user.run("npx espruino-mqtt-ws config check config.json");
    assert.equal(wrong.code, 3, wrong.out);
    assert.doesNotMatch(wrong.out + wrong.err, /secret/);
    writeConfig({ wifi: { ssid: "home", password: "secret-1" }, mqtt: { url: broker.url } });
    assert.match(
      good(await user.run("npx espruino-mqtt-ws config check")),
      /^config\.json is good for hello\n$/,
    );
    const plan = good(await user.run("npx espruino-mqtt-ws flash /dev/ttyUSB0 --transport lean --dry-run"));
    assert.match(plan, /config\.json, dist\/hello-lean\.js, \.bootcde = dist\/loader\.js/);
    const made = good(await user.run("npx espruino-mqtt-ws image storage.bin --transport lean"));
    assert.match(made, /^storage\.bin is a Storage image, your configuration included: esptool write-flash/);
    assert.ok(readFileSync(join(user.folder, "storage.bin")).includes("secret-1"));
    good(await user.run("npx espruino-mqtt-ws image bare.bin --transport lean --no-config"));
    assert.ok(!readFileSync(join(user.folder, "bare.bin")).includes("config.json\0"));
  });

  test("flash and monitor open a serial port", async () => {
    const gone = await user.run("npx espruino-mqtt-ws monitor /dev/nosuch");
    assert.deepEqual(
      [gone.code, gone.err],
      [9, "there is no port /dev/nosuch: plug the board in, and name its port where there are several.\n"],
    );
    const flash = await user.run("npx espruino-mqtt-ws flash /dev/nosuch --transport lean");
    assert.equal(flash.code, 9, flash.err);
  });

  test("decode turns a log into words", async () => {
    const log = "12:18:09.883 e7 4 wire < 82 04 20 02 00 00\n12:18:09.884 e8 2 ws GOT 4 bytes WS msg\n";
    assert.equal(
      good(await user.run("npx espruino-mqtt-ws decode", { input: log })),
      "12:18:09.883 e7 4 wire < WebSocket data frame, 4 bytes\n" +
        "12:18:09.883 e7 4 wire < CONNACK accepted\n12:18:09.884 e8 2 ws GOT 4 bytes WS msg\n",
    );
  });

  test("keys are made, and updates published, shown and taken back", async () => {
    assert.match(good(await user.run("npx espruino-mqtt-ws key sign")), /^sign\.key has the key/);
    assert.match(readFileSync(join(user.folder, "sign.key"), "utf8"), /^[0-9a-f]{64}\n$/);
    good(await user.run("npx espruino-mqtt-ws key update"));
    const at = `--url ${broker.url}`;
    assert.match(
      good(await user.run(`npx espruino-mqtt-ws update publish ${at} --transport lean`)),
      /published on stable/,
    );
    assert.match(good(await user.run(`npx espruino-mqtt-ws update status ${at}`)), /its signature is good/);
    assert.match(good(await user.run(`npx espruino-mqtt-ws update take-back ${at}`)), /cleared/);
  });

  test("the module's files and types are there for bundlers", async () => {
    writeFileSync(
      join(user.folder, "use.ts"),
      'import { connect } from "espruino-mqtt-ws/module/mqtt-ws-lean";\n' +
        'connect("ws://127.0.0.1/mqtt", { clientId: "a" }).publish("b", { c: 1 }, { qos: 1 });\n',
    );
    const types =
      "npx tsc --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext use.ts";
    good(await user.run("npm install typescript rollup @rollup/plugin-commonjs @rollup/plugin-node-resolve"));
    good(await user.run(types));
    writeFileSync(
      join(user.folder, "use.js"),
      'import { connect } from "espruino-mqtt-ws/module/mqtt-ws-lean";\nconnect("ws://127.0.0.1/mqtt");\n',
    );
    const plugins = "-p @rollup/plugin-node-resolve -p @rollup/plugin-commonjs";
    good(
      await user.run(`npx rollup use.js -f cjs --external Storage,Wifi,crypto,net,tls ${plugins} -o out.js`),
    );
    assert.match(
      readFileSync(join(user.folder, "out.js"), "latin1"),
      /require\('Storage'\)[\s\S]*connectAsync/,
    );
    const where = `node -p 'require.resolve("espruino-mqtt-ws/module/mqtt-ws-v5")' --input-type=commonjs`;
    assert.match(good(await user.run(where)), /dist\/module\/mqtt-ws-v5\/index\.js\n$/);
  });

  for (const [kind, option] of [
    ["a program", ""],
    ["an application", " --app"],
  ] as const)
    test(`new: ${kind} is made, installed, tested and started`, async (t) => {
      const began = performance.now();
      const folder = option ? "echo" : "lamp";
      good(await user.run(`npx espruino-mqtt-ws new ${folder}${option}`));
      good(await user.run("npm install", { in: folder }));
      assert.match(good(await user.run("npm test", { in: folder })), /^(ℹ|#) pass [1-9]\d*$/m);
      const [ready, send, answer] = option
        ? [/GOT 5 bytes/, "echo/in hark", /echo\/out hark/]
        : [/^ready$/m, "lamp/set on", /lamp\/state on/];
      const dialogue: [RegExp, string][] = [
        [ready, send],
        [answer, "quit"],
      ];
      good(await user.run("npm start -- --log 3", { in: folder, dialogue }));
      t.diagnostic(`${kind}: ${Math.round((performance.now() - began) / 1000)} s`);
    });

  test("nothing of this has asked for another host", () => {
    assert.equal(user.strayed(), "");
  });

  function writeConfig(json: object): void {
    writeFileSync(join(user.folder, "config.json"), JSON.stringify(json));
  }
});

test("package: without its optional library, a command that needs it says so in one sentence", async (t) => {
  const user = await newUser(t, FILE);
  writeFileSync(join(user.folder, "package.json"), '{ "name": "garden", "private": true }\n');
  good(await user.run("npm install --omit=optional espruino-mqtt-ws"));
  const { code, err } = await user.run("npx espruino-mqtt-ws monitor /dev/nosuch");
  assert.equal(code, 4);
  assert.equal(
    err,
    'a serial port needs the library serialport, which is not installed: run "npm install serialport" in this folder, and run again.\n',
  );
  assert.match(good(await user.run("npx espruino-mqtt-ws start")), /RECEIVED hello/);
});

function versionOf({ folder }: User): string {
  return JSON.parse(readFileSync(join(folder, "node_modules/espruino-mqtt-ws/package.json"), "utf8")).version;
}
