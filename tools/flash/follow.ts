// The last step of flash.sh: shows the log of the restarted board until its link is up, then goes on as a monitor.

import { Failure } from "../failures.ts";
import { LINK_UP_MS } from "../limits.ts";
import type { Entry } from "../monitor/log-line.ts";
import type { Watch } from "../monitor/watch.ts";
import type { Line } from "../serial/line.ts";

/** The lowest log level at which the firmware prints that the link is up. */
const INFO = 2;

/**
 * Returns the exit code. Throws if the link does not come up and --no-monitor is set.
 * @param log what the board has printed so far
 */
export async function follow(
  watch: Watch,
  line: Line,
  options: { noMonitor: boolean },
  level: number,
  log: string[] = [],
  timeoutMs = LINK_UP_MS,
): Promise<number> {
  if (level < INFO) {
    watch.note(`not waiting for the link: with log ${level} the board does not print that it is up`);
    if (options.noMonitor) watch.stop();
  }
  let down: Failure | undefined;
  let reason = "no line about the link";
  const giveUp = () => {
    down = new Failure("down", `the link is not up after ${timeoutMs / 1000} s (${reason})`);
    if (options.noMonitor) watch.stop(down);
    else watch.note(down.message);
  };
  const timer = level < INFO ? undefined : setTimeout(giveUp, timeoutMs);
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

/** The reason in an entry why the link is down, or another error. */
function reasonIn({ log, line }: Entry): string | undefined {
  if (log?.level === 1) return `${log.module} ${log.text}`.replace(/, again in .*$/, "");
  return /^Uncaught/.test(line) ? line : undefined;
}
