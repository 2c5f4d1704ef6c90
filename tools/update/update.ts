// The command `update`: updates of boards through their broker. Each command is a file of its own.

import { makeKey } from "./key.ts";
import { readCommand, UPDATE_USAGE } from "./options.ts";
import { publish } from "./publish.ts";
import { showStatus } from "./status.ts";
import { takeBack } from "./take-back.ts";

const say = (text: string) => console.log(text);

export async function update(args: string[]): Promise<number> {
  const command = readCommand(args);
  if (command.name === "help") process.stdout.write(UPDATE_USAGE);
  else if (command.name === "key") makeKey(command.options, say);
  else if (command.name === "publish") await publish(command.options, say);
  else if (command.name === "status") await showStatus(command.options, say);
  else await takeBack(command.options, say);
  return 0;
}
