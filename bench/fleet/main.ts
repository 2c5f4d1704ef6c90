// `npm run fleet`: a fleet of boards, a broker, and something that goes wrong. docs/fleet.md has what it found.
import { UsageError } from "../../build/command-line.ts";
import { FLEET_USAGE, type FleetOptions, fleetOptions, lacking } from "./options.ts";
import { drawPictures } from "./pictures.ts";
import { linesOf, save } from "./report.ts";
import { Run } from "./run.ts";

async function fleet(options: FleetOptions): Promise<void> {
  // Ctrl-C: what was started ends first. Before there is a run, the end of this process ends it.
  let run: Run | undefined;
  const interrupted = () => void (run?.stop() ?? Promise.resolve()).finally(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  run = await Run.start(options, (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`));
  try {
    await run.tell((result) => {
      const file = save(result, options.results);
      console.log([`  data: ${file}`, ...linesOf(result)].join("\n"));
    });
  } finally {
    await run.stop();
  }
}

async function main(): Promise<number> {
  try {
    const options = fleetOptions(process.argv.slice(2));
    if (options.help) process.stdout.write(FLEET_USAGE);
    else if (options.pictures) drawPictures();
    else {
      const missing = lacking(options.broker);
      if (missing) throw new UsageError(missing);
      await fleet(options);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`fleet: ${error.message}`);
    return 2;
  }
}

process.exitCode = await main();
