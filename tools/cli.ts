// The command `espruino-mqtt-ws`, from npm, from flash.sh and from the npm scripts: finds the command that is named by the
// first word, and runs it. The command reads the other words.

import { CLI_USAGE, COMMANDS } from "./commands.ts";
import { Failure } from "./failures.ts";
import { finish } from "./finish.ts";
import { version } from "./paths.ts";

async function main([word, ...args]: string[]): Promise<number> {
  if (word === undefined || word === "--help" || word === "-h") {
    process.stdout.write(CLI_USAGE);
    return 0;
  }
  if (word === "--version") {
    console.log(version());
    return 0;
  }
  if (Object.hasOwn(COMMANDS, word)) return (await COMMANDS[word]!.load())(args);
  throw new Failure(
    "usage",
    `there is no ${word.startsWith("-") ? "option" : "command"} ${word}`,
    `choose ${Object.keys(COMMANDS).join(", ")}, or see --help`,
  );
}

await finish(() => main(process.argv.slice(2)));
