// The command `config check`: has the firmware judge a configuration, and touches no board.

import { nameOf } from "../../build/bundles.ts";
import { HELP, helpOf, readWords } from "../../build/command-line.ts";
import { checkWhich, WHICH } from "../../build/options.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { CONFIGURATION, onlyOne, usage } from "../options.ts";
import { ownFileSays } from "../paths.ts";
import { checkFiles } from "./prepare.ts";

const OPTIONS = { ...WHICH, bundle: CONFIGURATION.bundle, ...HELP } as const;

export const CONFIG_USAGE = `npx espruino-mqtt-ws config check [FILE] [options]

Has the firmware judge a configuration by its own rules, on a virtual board, and prints every mistake. FILE is
${ownFileSays("config.json")} where it is left out.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText()}`;

export async function config([word, ...args]: string[]): Promise<number> {
  if (word === "--help" || word === "-h") {
    process.stdout.write(CONFIG_USAGE);
    return 0;
  }
  if (word !== "check")
    throw new Failure(
      "usage",
      word === undefined ? "what to do is missing" : `config knows no ${word}`,
      "write: config check",
    );
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(CONFIG_USAGE);
    return 0;
  }
  usage(() => checkWhich(values));
  const file = onlyOne(positionals, "file");
  const checked = await checkFiles({ ...values, config: file }, (text) => console.log(text));
  const shown = file ?? ownFileSays("config.json");
  if (!checked) throw new Failure("config", `there is no ${shown}`, "name the file, or write it");
  console.log(`${shown} is good for ${values.bundle ?? nameOf(values)}`);
  return 0;
}
