// Random numbers on the virtual board. Like the chip, its engine begins with the same numbers after every boot.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { type Drawn, OTHERS, program, SAME, type Traits, witness } from "../support/chance.ts";
import { boardOf, crankOf, QUICK } from "./boards.ts";

function config(port: number) {
  return {
    "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/` } }),
  };
}

async function drawn(t: TestContext, bundle: string, traits: Traits): Promise<Drawn & { jitter: unknown }> {
  const { port, next } = await witness(t);
  const board = boardOf(t, program(bundle, traits), {
    files: config(port),
    wifi: { ...QUICK, rssi: traits.rssi },
  });
  board.boot();
  const first = await next();
  const jitter = (board.global.Math as Math).random();
  board.off();
  return { ...first, jitter };
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: boards that differ in one trait use different keys, masks and waits`, async (t) => {
    const same = await drawn(t, bundle, SAME);
    const again = await drawn(t, bundle, SAME);
    assert.deepEqual([again.key, again.mask], [same.key, same.mask], "nothing else has a say in it");
    for (const other of OTHERS) {
      const { key, mask, jitter } = await drawn(t, bundle, { ...SAME, ...other });
      const which = Object.keys(other)[0];
      assert.notEqual(key, same.key, which);
      assert.notEqual(mask, same.mask, which);
      assert.notEqual(jitter, same.jitter, which);
    }
  });

  test(`${bundle}: each boot and each attempt uses a new key and mask, and the same client identifier`, async (t) => {
    const { port, next } = await witness(t);
    // The clock stands still: only the random register differs between the boots.
    const code = programOf(`dist/${bundle}.js`, "var getTime = function () { return 1; };");
    const board = boardOf(t, code, { files: config(port), serial: "a4cf1200-0007" });
    const all: Drawn[] = [];
    for (let boot = 0; boot < 4; boot++) {
      board.boot();
      all.push(await next());
    }
    assert.equal(new Set(all.map(({ key }) => key)).size, 4);
    assert.equal(new Set(all.map(({ mask }) => mask)).size, 4);
    assert.deepEqual(new Set(all.map(({ clientId }) => clientId)), new Set(["esp32-a4cf1200-0007"]));
    assert.ok(!board.lines.some((line) => /source of chance/.test(line)));
  });
}

test("each frame of a connection has a different masking key", async (t) => {
  const { port, next } = await witness(t);
  const writes: string[] = [];
  // The waits between the attempts are the board's time.
  const crank = crankOf(() => writes.length);
  const code = programOf("dist/hello.js");
  const options = { files: config(port), clock: crank.clock };
  const board = boardOf(t, code, { ...options, onWrite: (bytes) => writes.push(bytes) });
  board.boot();
  for (let attempt = 0; attempt < 3; attempt++) {
    let came = false;
    void next().then(() => (came = true));
    await crank.until(
      () => came,
      `frame ${attempt}`,
      () => board.lines.join("\n"),
    );
  }
  const masks = writes.filter((bytes) => !bytes.startsWith("GET")).map((frame) => frame.slice(2, 6));
  assert.ok(masks.length >= 3);
  assert.equal(new Set(masks).size, masks.length);
});
