// flash.sh uploads to a real engine, and the power is cut in its writes of Storage: in all of them but those of the same file
// that are alike. Each time the board comes up with the old program or the new one, whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { programIn } from "../../board/virtual/program.ts";
import { missing } from "../brokers/mosquitto.ts";
import { noEngine } from "../engine/engine.ts";
import { until } from "../support/until.ts";
import { flash, goodConfig } from "./command.ts";
import { EnginePort } from "./engine-port.ts";

const NEW = "dist/hello-lean.js";
/** An old program, behind a loader of another release. */
const OLD = programIn({ code: 'print("the old program");', before: ";" });
const NO_CUTS = "none";

/**
 * Runs behind .boot0 whenever the engine starts or is reset. Cuts the power in the first write that is not in the file "cuts".
 * Of a file's pieces it tells the first, one in the middle and the last one apart.
 */
const CUT = `
(function (S, F) {
  var write = S.write, erase = S.erase, cuts = (F.readFileSync("cuts") || "").split("\\n");
  function cutAt(what, act) {
    if (cuts[0] === "none" || cuts.indexOf(what) >= 0) return;
    act();
    print("CUT " + what + ".");
    for (;;);
  }
  S.write = function (name, text, from, size) {
    from = from || 0;
    size = size || text.length;
    var place = !from ? "begin" : from + text.length >= size ? "end" : from > size / 2 ? "half" : "";
    if (place) cutAt("write " + name + " " + place, function () { write.call(S, name, text.substr(0, text.length >> 1), from, size); });
    return write.call(S, name, text, from, size);
  };
  S.erase = function (name) {
    if (S.read(name) !== undefined) cutAt("erase " + name, function () {});
    return erase.call(S, name);
  };
})(require("Storage"), require("fs"));
`;

test("flash.sh on a real engine, the power cut at its writes: the old or the new program comes up, whole", {
  skip: noEngine || missing("socat"),
}, async (t) => {
  const config = goodConfig(t);
  const args = ["--bundle", NEW, "--config", config, "--no-monitor"];
  const engine = await EnginePort.start(t);
  engine.put("cuts", NO_CUTS);
  await engine.cut();
  for (const [name, text] of Object.entries({ ...OLD, "config.json": "{}", ".boot1": CUT }))
    engine.write(name, text);
  const before = engine.flash;
  const cuts: string[] = [];
  const seen = new Set<string>();
  const comesUp = async () => {
    const program = () => /the old program|boot hello/.exec(engine.out)?.[0];
    const log = () => engine.out;
    await until(program, "a program that starts", log);
    seen.add(program()!);
  };
  for (;;) {
    engine.put("cuts", cuts.join("\n"));
    await engine.cut(before);
    await comesUp();
    const run = flash(t, [engine.path, ...args]);
    const cut = () => /CUT ([^\r\n]+)\./.exec(engine.out)?.[1];
    const over = () => cut() || /boot hello/.test(engine.out);
    await until(over, "a cut, or the new program", () => run.out + run.err + engine.out);
    run.child.kill("SIGKILL");
    await run.ended;
    const at = cut();
    if (!at) break;
    cuts.push(at);
    engine.put("cuts", NO_CUTS);
    await engine.cut();
    await comesUp();
  }
  t.diagnostic(cuts.join("; "));
  assert.deepEqual([...seen].sort(), ["boot hello", "the old program"]);
  for (const name of [
    "fw\\.[0-9a-f]{8}",
    "fw\\.[ab]",
    "config\\.(a|json)",
    "\\.boot0",
    "\\.bootcde~",
    "\\.bootcde",
  ])
    assert.ok(
      cuts.some((one) => new RegExp(`^write ${name} begin$`).test(one)),
      name,
    );
});
