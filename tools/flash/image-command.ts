// The command `image`: an image of a whole Storage, for a board that is not here.

import { HELP, helpOf, readWords } from "../../build/command-line.ts";
import { checkWhich, WHICH } from "../../build/options.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { CONFIGURATION, MODULE, onlyOne, usage } from "../options.ts";
import { writeImage } from "./image-file.ts";
import { prepare, prepareWithout } from "./prepare.ts";

const OPTIONS = {
  ...WHICH,
  ...CONFIGURATION,
  "no-config": { says: "without a configuration: whoever has the board writes config.json to it" },
  ...MODULE,
  ...HELP,
} as const;

export const IMAGE_USAGE = `npx espruino-mqtt-ws image FILE [options]

Makes an image of a board's whole Storage, with the firmware, its configuration and the ws module, for a chip that has
Espruino. It prints the command of esptool that writes the image.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText()}`;

export async function image(args: string[]): Promise<number> {
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(IMAGE_USAGE);
    return 0;
  }
  usage(() => checkWhich(values));
  const file = onlyOne(positionals, "image");
  if (file === undefined) throw new Failure("usage", "the name of the image is missing", "write: image FILE");
  if (values["no-config"] && values.config !== undefined)
    throw new Failure("usage", "--config and --no-config do not go together");
  const say = (text: string) => console.log(text);
  const choice = { ...values, acceptWs: values["accept-ws"] };
  const prepared = await (values["no-config"] ? prepareWithout : prepare)(choice, say);
  return writeImage(file, prepared, !values["no-config"], say);
}
