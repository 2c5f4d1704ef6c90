// The command `monitor`: shows a board's log. Everything else is in watch.ts.

import { MONITOR_USAGE, monitorOptions } from "../options.ts";
import { choosePort } from "../serial/ports.ts";
import { watchPort } from "./watch-port.ts";

export async function monitor(args: string[]): Promise<number> {
  const options = monitorOptions(args);
  if (options.help) {
    process.stdout.write(MONITOR_USAGE);
    return 0;
  }
  if (options.watch.json && options.watch.status) options.watch.status = false;
  await watchPort(await choosePort(options.port), options.watch, true).run(undefined, options.reset);
  return 0;
}
