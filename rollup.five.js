// A rollup plugin that settles what src/mqtt/hooks.ts leaves open. A bundle with MQTT 5 calls `use` once, with functions
// that are called directly by now (rollup.direct.js): all that is left of `hooks` are questions whether it is there. It is;
// terser then drops the questions, and what is done where it is not. Without MQTT 5 rollup itself has done the same.

import MagicString from "magic-string";
import { statementsOf, usesOf } from "./rollup.bundle.js";

/** Variables, and the functions that set them. */
const SET = { hooks: "use", extras: "useExtras" };

export function five() {
  return {
    name: "five",
    renderChunk(code) {
      const statements = statementsOf(code);
      const text = new MagicString(code);
      for (const [name, setter] of Object.entries(SET)) {
        const declared = statements.find(
          (node) => node.type === "FunctionDeclaration" && node.id.name === setter,
        );
        const call = statements.find((node) => node.expression?.callee?.name === setter);
        const reads = usesOf(statements, [name])
          .get(name)
          .filter((use) => use.how !== "assigned");
        // A function of it that is not called directly: the table is needed.
        if (!call || !declared || reads.some(({ node }) => code[node.end] === ".")) continue;
        text.remove(declared.start, declared.end);
        text.remove(call.start, call.end);
        for (const { node } of reads) text.overwrite(node.start, node.end, "true");
        // Which nobody calls.
        if (name === "hooks" && !statements.some((node) => node.id?.name === "shortWays"))
          for (const use of usesOf(statements, ["quick"]).get("quick"))
            if (use.how !== "assigned") text.overwrite(use.node.start, use.node.end, "false");
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
