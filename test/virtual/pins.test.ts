// The virtual board's pins: a program drives and reads them as on the engine, and a test presses them. Each chip has
// the pins of its file, and the firmware's own table agrees with that file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { ManualClock } from "../../board/virtual/clock.ts";
import { buildFile } from "../../build/own.ts";
import { boardOf } from "./boards.ts";

test("pins: a test sees outputs, PWM and lists of pins; the program reads inputs and voltages", async (t) => {
  const board = boardOf(
    t,
    `digitalWrite(D5, 1); digitalWrite("D4", true); digitalWrite([D12, D13, D14], 5); analogWrite(D18, 0.25, { freq: 1000 });
     pinMode(D15, "input_pullup");
     setTimeout(function () {
       console.log(D5.read(), digitalRead("D4"), digitalRead(D19), digitalRead(D15), analogRead(D34), analogRead(D5));
       console.log("" + LED1, "" + new Pin("D7"), getPinMode(D15), digitalRead([D12, D13, D14]));
       try { digitalWrite("D77", 1); } catch (e) { console.log(e.message); }
       D5.toggle();
     }, 1);`,
  );
  board.boot();
  board.pins.put("D19", 1);
  board.pins.put("D34", 0.5);
  await board.untilIdle();
  assert.deepEqual(board.lines, ["true 1 1 1 0.5 NaN", "D2 D7 input_pullup 5", "Invalid pin"]);
  assert.deepEqual(board.pins.output("D18"), { out: 0.25, hz: 1000 });
  assert.equal(board.pins.output("D5").out, 0);
  board.reboot();
  assert.equal(board.pins.level("D15"), 1, "driven by the program that began anew");
});

test("pins: a watch with debounce reports each edge that lasts, and how long the level was before it", async (t) => {
  const clock = new ManualClock();
  const board = boardOf(
    t,
    `pinMode("D4", "input_pullup");
     var id = setWatch(function (e) {
       console.log("" + e.pin, e.state, e.lastTime === undefined ? "-" : Math.round((e.time - e.lastTime) * 1000));
     }, "D4", { repeat: true, edge: "both", debounce: 30 });
     setWatch(function (e) { console.log("once", e.state); }, D4, { edge: "falling" });
     setTimeout(function () { clearWatch(id); }, 5000);`,
    { clock },
  );
  board.boot();
  for (const [level, ms] of [
    [0, 10],
    [undefined, 10],
    [0, 500],
    [undefined, 20],
    [0, 20],
    [undefined, 400],
    [0, 5000],
    [undefined, 100],
  ] as const) {
    board.pins.put("D4", level);
    await clock.advance(ms);
  }
  assert.deepEqual(board.lines, ["once false", "D4 false -", "D4 true 540", "D4 false 400"]);
  await board.untilIdle();
});

for (const chip of ["ESP32", "ESP32C3", "ESP32S3"]) {
  test(`pins: the firmware knows the pins of board/${chip}.json`, async () => {
    const { code } = await buildFile("board/esp32/pins.ts", { mangle: false, parts: false, format: "cjs" });
    const world = { process: { env: { BOARD: `${chip}_IDF4` } }, exports: {}, digitalWrite() {} };
    runInNewContext(code, world);
    const { pins } = world.exports as { pins: { unfit(pin: string, use: string): string } };
    const all = Array.from({ length: 100 }, (_, i) => `D${i}`);
    const fit = (use: string) => all.filter((pin) => !pins.unfit(pin, use)).join(" ");
    const file = JSON.parse(readFileSync(`board/chips/${chip}.json`, "utf8")).pins;
    assert.equal(fit("output"), file.digital);
    assert.equal(fit("pwm"), file.digital);
    assert.equal(fit("input"), [file.digital, file.inputOnly].filter(Boolean).join(" "));
    assert.equal(fit("analog"), file.analog);
    for (const bad of ["", "5", "d5", "D", "D5x", "LED1", "D-1", "D1e1"])
      assert.equal(pins.unfit(bad, "output"), "a pin is named D0, D1, ...");
    assert.match(
      pins.unfit("D99", "input"),
      new RegExp(`^no free pin of ${chip}, see board/chips/${chip}.json$`),
    );
  });
}
