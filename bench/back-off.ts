// `npm run bench:back-off`: what a fleet makes of the firmware's back-off after a restart of its broker, as a table.
// docs/decisions.md has it.

import { chance } from "../test/support/random.ts";
import { DOWN_S, RATES, restarted, WAYS } from "./restart-model.ts";

const BOARDS = 10_000;
const MEANING = {
  refused: "TCP is refused while the broker is down",
  silent: "no answer while the broker is down",
  busy: "a balancer says 503 while the broker is down",
};

const lines = [
  `${BOARDS} boards; cells: peak over mean, then seconds until 50 %, 95 % and all are up`,
  "",
  `| | log-ins a second | ${DOWN_S.map((s) => `down ${s} s`).join(" | ")} | most attempts a board a minute |`,
  `|---|---${"|---".repeat(DOWN_S.length)}|---|`,
];
for (const way of WAYS)
  for (const rate of RATES) {
    const row = DOWN_S.map((downS) => restarted({ boards: BOARDS, downS, rate, way }, chance(1)));
    const cells = row.map((it) =>
      [it.ratio.toFixed(2), ...[it.half, it.most, it.last].map(Math.round)].join(", "),
    );
    const attempts = Math.max(...row.map((it) => it.attempts));
    lines.push(`| ${[MEANING[way], rate, ...cells, attempts].join(" | ")} |`);
  }
console.log(lines.join("\n"));
