// Functions that become parts: the program behaves the same afterwards, as a program and as a module.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { rollup } from "rollup";
import { bootBytesOf } from "../../board/virtual/program.ts";
import { compiled } from "../../build/compiled.ts";
import { AS_MODULE, PROGRAM, passes, type Shape } from "../../build/passes.ts";
import type { Resident } from "../../build/residents.ts";

async function built(code: string, shape: Shape) {
  const residents: Resident[] = [];
  const file = "example.ts";
  const plugins = passes({ ...(await compiled()), files: { [file]: code } }, shape, {}, (found) =>
    residents.push(...found),
  );
  const bundle = await rollup({ input: file, plugins });
  const { output } = await bundle.generate({ format: shape.format, generatedCode: "es5", strict: false });
  await bundle.close();
  return { text: output[0].code, residents };
}

/** What a program shows, run by a loader, or as a module that reads its own file. */
function shownBy(text: string, module: boolean): string[] {
  const shown: string[] = [];
  const world = createContext({
    show: (...values: unknown[]) => shown.push(JSON.stringify(values)),
    require: () => ({ read: () => text }),
    $a: text,
  });
  runInContext(module ? `(function () {${text}\n})()` : text.slice(0, bootBytesOf(text)), world);
  return shown;
}

const PROGRAMS: Record<string, string> = {
  "rare functions and one that stays": `
     function often(a) { return a + LIMIT; }
     function /*@a.ts hot resident*/ hot(a) { return seldom(a, often); }
     function seldom(a, f) { return a ? seldom(a - 1, f) + 1 : f(deep()); }
     function deep() { return 7; }
     var LIMIT = 5;
     show(hot(3));`,
  "local names that hide a name of the top level": `
     var seed = 0;
     function now() { return 1; }
     function twice(now) { return now * 2; }
     function caught() { try { throw 4; } catch (now) { return now; } }
     function local() { var now = 6; function inner() { return now; } return inner(); }
     function count() { seed++; seed += 2; return seed; }
     function here() { return { now: now() }.now; }
     show(twice(2), caught(), local(), count(), seed, here());`,
  "a table of functions by number, and one that is added": `
     function one(a) { return a + 1; }
     function two(a) { return a * 2; }
     var it = { handlers: { 1: one, 2: two } };
     function call(n, a) { return it.handlers[n](a); }
     show(call(1, 5), call(2, 5));
     it.handlers[3] = function (a) { return -a; };
     show(call(3, 5));`,
  "methods and variables without a value": `
     var none, made = { get: function () { return this.n; }, n: 3 };
     function set(value) { none = value; }
     show(made.get(), none === undefined); set(4); show(none);`,
};

for (const [what, code] of Object.entries(PROGRAMS))
  for (const shape of [PROGRAM, AS_MODULE])
    test(`parts: ${what}, as a ${shape.module ? "module" : "program"}`, async () => {
      const expected: string[] = [];
      runInContext(
        code,
        createContext({ show: (...values: unknown[]) => expected.push(JSON.stringify(values)) }),
      );
      const { text } = await built(code, shape);
      assert.deepEqual(shownBy(text, !!shape.module), expected, text);
    });

test("parts: each function that stays in memory is reported with its reason", async () => {
  const { residents } = await built(
    `function /*@src/send.ts send resident*/ send(a) { show(a); } function /*@src/lost.ts lost*/ lost() { show(2); }
     function fall() { show(3); } send(1); fall(); show(typeof lost); send(4);`,
    PROGRAM,
  );
  assert.deepEqual(
    residents.map(({ file, name, why }) => `${file} ${name}: ${why}`),
    ["src/send.ts send: @resident", "src/lost.ts lost: its value is used"],
  );
});

test("parts: a text that would end the comment is refused", async () => {
  const code = 'function rare() { show("*" + "/"); } rare(); rare();';
  await assert.rejects(built(code, PROGRAM), /has .* in a text: write it as two texts/);
});

test("parts: a function with five parameters cannot use the engine's E, which is the name of the fifth", async () => {
  const code = `
     function sum(a, b, c, d, e) { return E.toString(a, b, c, d, e); }
     show(sum(1, 2, 3, 4, 5));`;
  await assert.rejects(built(code, PROGRAM), /a part with 5 parameters uses E, the name of one: pass fewer/);
});
