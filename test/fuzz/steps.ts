// The minified firmware with counters in it, for function calls and loop turns, and for the depth of calls. So a test
// can measure time and stack without a chip.
import { parse } from "acorn";
import { full as walk } from "acorn-walk";
import MagicString from "magic-string";
import { buildSubject } from "../bundle/subject.ts";
import type * as Subject from "../subject.ts";

export interface Meter {
  /** Function calls and loop turns since it was set to 0. */
  steps: number;
  /** Calls on the stack, and the maximum since it was set to 0. */
  depth: number;
  deepest: number;
}

export interface Counted {
  subject: typeof Subject;
  meter: Meter;
}

/** Steps after which a loop counts as endless: an exception ends it. */
const ENDLESS = 50_000_000;

export async function counted(): Promise<Counted> {
  const { code } = await buildSubject(["five"]);
  const text = new MagicString(code);
  walk(parse(code, { ecmaVersion: 5 }), (node) => {
    const { body, type } = node as unknown as {
      body: { start: number; end: number; type: string };
      type: string;
    };
    if (/^Function/.test(type)) {
      if (body.end === body.start + 2) return;
      text.appendRight(body.start + 1, "enter();try{");
      text.appendLeft(body.end - 1, "}finally{leave()}");
    } else if (/^(For|ForIn|While|DoWhile)Statement$/.test(type)) {
      text.appendRight(body.start, "{step();");
      text.appendLeft(body.end, "}");
    }
  });
  const meter: Meter = { steps: 0, depth: 0, deepest: 0 };
  const step = () => {
    if (++meter.steps > ENDLESS) throw new Error("a loop without end");
  };
  const enter = () => {
    step();
    if (++meter.depth > meter.deepest) meter.deepest = meter.depth;
  };
  const leave = () => {
    meter.depth--;
  };
  const exports = {};
  new Function("exports", "enter", "leave", "step", text.toString())(exports, enter, leave, step);
  return { subject: exports as typeof Subject, meter };
}

/** The cost of an action. */
export function measured(meter: Meter, action: () => void): { steps: number; deepest: number } {
  meter.steps = 0;
  meter.deepest = meter.depth;
  action();
  return { steps: meter.steps, deepest: meter.deepest - meter.depth };
}
