// `npm start`: reads its options, builds the firmware where it has changed, and runs it on a virtual board. The exit code
// says whether hello came back.
import { finish } from "../finish.ts";
import { checkChoice, readBundle } from "../firmware.ts";
import { readConfig } from "./config.ts";
import { readOptions, USAGE } from "./options.ts";

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const choice = { app: options.app, profile: options.profile, transport: options.transport };
  checkChoice(choice, "usage");
  const config = readConfig(options);
  // Not to the log of the board.
  const code = await readBundle(choice, (text) => console.error(text));
  // The broker and the board are large: a mistake in the options is reported before they are loaded.
  const { demo } = await import("./demo.ts");
  return demo(code, config, options);
}

await finish(() => main(process.argv.slice(2)));
