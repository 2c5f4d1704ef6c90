// The tail of flash.sh: the log of the restarted board until its link is up, and then on as a monitor.

import { Failure } from "../failures.ts";
import { LINK_UP_MS } from "../limits.ts";
import type { Entry } from "../monitor/log-line.ts";
import { Watch } from "../monitor/watch.ts";
import type { FlashOptions } from "../options.ts";
import type { Line } from "../serial/serial.ts";

/** The log level from which on the link's ups are printed. */
const INFO = 2;

/** `log` is what the board has printed so far. Returns the exit code; throws where the link does not come up and nobody watches. */
export async function follow(
  port: string,
  line: Line,
  options: Pick<FlashOptions, "watch" | "noMonitor">,
  level: number,
  log: string[] = [],
  patienceMs = LINK_UP_MS,
): Promise<number> {
  const watch = new Watch(port, options.watch, false);
  if (level < INFO) {
    watch.note(`the link is not waited for: with log ${level} the board does not tell`);
    if (options.noMonitor) watch.stop();
  }
  let down: Failure | undefined;
  let reason = "it said nothing of its link";
  const giveUp = () => {
    down = new Failure("down", `the link is not up after ${patienceMs / 1000} s (${reason})`);
    if (options.noMonitor) watch.stop(down);
    else watch.note(down.message);
  };
  const timer = level < INFO ? undefined : setTimeout(giveUp, patienceMs);
  watch.onEntry = (entry) => {
    reason = reasonIn(entry) ?? reason;
    if (!isUp(entry)) return;
    clearTimeout(timer);
    down = undefined;
    watch.note("the link is up");
    if (options.noMonitor) watch.stop();
  };
  try {
    await watch.run(line, false, log);
  } finally {
    clearTimeout(timer);
  }
  return down?.code ?? 0;
}

function isUp({ log }: Entry): boolean {
  return log?.module === "mqtt" && log.text.startsWith("CONNECTED to ");
}

/** Why the link is down, or what else is wrong. */
function reasonIn({ log, line }: Entry): string | undefined {
  if (log?.level === 1) return `${log.module} ${log.text}`.replace(/, again in .*$/, "");
  return /^Uncaught/.test(line) ? line : undefined;
}
