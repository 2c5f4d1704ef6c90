// The loader on a real engine: a program on trial that cannot be parsed, throws, or takes all memory ends up in the proven
// one, which tells why; and the power may be cut at any time.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { codeIn, nameOf, type Program, programIn, programOf, recordOf } from "../../board/virtual/program.ts";
import { RESTART_FILE } from "../../src/config/files.ts";
import { fileOf } from "../../src/program/file.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { Engine, noEngine } from "./engine.ts";

/** Restarts as a chip does, and says when the watchdog would. */
const PRELUDE = `ESP32 = { reboot: function () { print("REBOOT"); load(); } };
E.enableWatchdog = function (s, byItself) { print("WATCHDOG", s, byItself); };
`;
const PROVEN = programOf("dist/hello.js");

/** A board with a proven program and another one on trial. */
function boardWith(t: TestContext, code: string, more: Program = {}): Engine {
  const trial = codeIn(programIn({ code }));
  const engine = new Engine({
    ".boot0": PRELUDE,
    ...PROVEN,
    [fileOf(nameOf(trial))]: trial,
    ...recordOf({
      count: 2,
      proven: nameOf(codeIn(PROVEN)),
      trial: nameOf(trial),
      by: "cable",
      starts: 0,
      config: "",
    }),
    "config.json": '{"wifi":{"ssid":"net"},"mqtt":{"url":"ws://127.0.0.1:1/mqtt"}}',
    ...more,
  });
  t.after(() => engine.off());
  return engine.boot();
}

const BROKEN: [what: string, code: string, why: RegExp][] = [
  [
    "cannot be parsed",
    'print("NEW"); function (',
    /boot restarted by itself: the new program [0-9a-f]{8} is given up: SyntaxError/,
  ],
  ["throws", 'print("NEW"); nothing.there();', /is given up: (Reference|Type)Error/],
];

for (const [what, code, why] of BROKEN)
  test(`loader, engine: a program that ${what} ends up in the proven one`, { skip: noEngine }, async (t) => {
    const engine = boardWith(t, code);
    await engine.line(why);
    await engine.line(/link DOWN/);
    assert.equal(engine.lines.filter((line) => line === "REBOOT").length, 1);
  });

// The watchdog, which a Linux build lacks, would restart these: the test does.
const HANGING: [what: string, code: string][] = [
  ["takes all memory", 'print("NEW"); var a=[]; for(;;) a.push("01234567890123456789");'],
  ["hangs", 'print("NEW"); for(;;);'],
];

for (const [what, code] of HANGING)
  test(`loader, engine: a program that ${what} is started twice, and then no more`, {
    skip: noEngine,
  }, async (t) => {
    const engine = boardWith(t, code);
    for (let start = 1; start <= 2; start++) {
      await engine.line(/^WATCHDOG 60 false$/);
      await engine.line(/^NEW$/);
      engine.lines.length = 0;
      await engine.restart();
    }
    await engine.line(/is given up: started 2 times, and did not come up$/);
    await engine.line(/^WATCHDOG 60 true$/);
    await engine.line(/link DOWN/);
  });

test("loader, engine: a whole program on trial runs, and proves itself", { skip: noEngine }, async (t) => {
  const engine = boardWith(t, codeIn(programOf("dist/hello-lean.js")));
  await engine.line(/2 boot program [0-9a-f]{8} is tried for 10 s/);
  await engine.line(/2 boot program [0-9a-f]{8} works$/);
  engine.type(`print("old", require("Storage").read("${fileOf(nameOf(codeIn(PROVEN)))}"))`);
  await engine.line(/^old undefined$/);
  await engine.restart();
  await engine.line(/link DOWN/);
  assert.ok(!engine.lines.some((line) => line.includes(RESTART_FILE)));
});

/** Cuts the power in the middle of a write, the one with the number in the file "cut". */
const CUT = `(function (S) {
  var write = S.write, left = +S.read("cut") || 0;
  S.write = function (name, text, at, size) {
    if (--left) return write.call(S, name, text, at, size);
    write.call(S, name, text.substr(0, text.length >> 1), 0, text.length);
    S.erase("cut");
    print("CUT");
    for (;;);
  };
})(require("Storage"));
`;

test("loader, engine: the power is cut at any write of a trial: the next start has a whole program and configuration", {
  skip: noEngine || missing("mosquitto"),
}, async (t) => {
  const config = JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url: await mosquitto(t) } });
  const code = codeIn(programOf("dist/hello-lean.js"));
  for (let write = 1; ; write++) {
    const files = {
      ".boot0": PRELUDE + CUT,
      cut: `${write}`,
      [fileOf(nameOf(code))]: code,
      "config.a": config,
      ...recordOf({
        count: 2,
        proven: nameOf(codeIn(PROVEN)),
        trial: nameOf(code),
        by: "cable",
        starts: 0,
        config: "config.a",
      }),
    };
    const engine = boardWith(t, "old();", files);
    const seen = await engine.line(/^CUT$|link DONE/);
    if (seen !== "CUT") {
      assert.ok(write > 3, "the record twice, and config.json");
      break;
    }
    engine.lines.length = 0;
    await engine.restart();
    await engine.line(/link DONE/);
    await engine.off();
  }
});

test("loader, engine: on a board without a program the console says what to do", {
  skip: noEngine,
}, async (t) => {
  const { ".bootcde": loader } = PROVEN;
  const engine = new Engine({ ".boot0": PRELUDE, ".bootcde": loader! }).boot();
  t.after(() => engine.off());
  await engine.line(/^There is no program on this board: run flash\.sh/);
  engine.type("print(6 * 7)");
  await engine.line(/^42$/);
});
