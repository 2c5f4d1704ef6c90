// The command `flash`, and flash.sh: from a bare board to a readable log: the order of the steps. Everything that can be checked without the
// board is checked first. Each step is a file of its own.

import { Failure } from "../failures.ts";
import { watchPort } from "../monitor/watch-port.ts";
import { FLASH_USAGE, type FlashOptions, flashOptions } from "../options.ts";
import { Espruino } from "../serial/espruino.ts";
import { choosePort } from "../serial/ports.ts";
import { SerialLine } from "../serial/serial.ts";
import { esptoolCalls, findEsptool, runEsptool } from "./esptool.ts";
import { follow } from "./follow.ts";
import { writeImage } from "./image-file.ts";
import type { Prepared } from "./load.ts";
import { plan } from "./plan.ts";
import { checkFiles, prepare } from "./prepare.ts";
import { uploadTo } from "./session.ts";

const say = (text: string) => console.log(text);

export async function flash(args: string[]): Promise<number> {
  const options = flashOptions(args);
  if (options.help) {
    process.stdout.write(FLASH_USAGE);
    return 0;
  }
  if (options.dryRun) {
    const checked = await checkFiles(options, (text) => console.error(text));
    const port = options.port ?? (await choosePort(undefined).catch(() => "PORT"));
    process.stdout.write(plan(options, port, checked !== undefined));
    return 0;
  }
  const prepared = await prepare(options, say);
  if (options.image !== undefined) return writeImage(options.image, prepared, true, say);
  const port = await choosePort(options.port);
  if (options.firmware !== undefined) await writeEspruino(options, port, options.firmware);
  return onBoard(options, port, prepared);
}

async function writeEspruino(options: FlashOptions, port: string, folder: string): Promise<void> {
  const tool = findEsptool();
  if (!tool) throw new Failure("esptool", "there is no esptool on the PATH");
  for (const call of esptoolCalls(tool, port, folder, options.erase)) {
    say(`running ${call.join(" ")}`);
    await runEsptool(call);
  }
}

async function onBoard(
  options: FlashOptions,
  port: string,
  { files, needs, level, advice }: Prepared,
): Promise<number> {
  const line = await SerialLine.open(port);
  const espruino = new Espruino(line, port);
  const interrupt = () => espruino.fail(new Failure("interrupted", "stopped in the middle of the upload"));
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  let log: string[];
  try {
    const fresh = options.firmware !== undefined;
    log = await uploadTo(
      espruino,
      line,
      { files, needs, fresh, noBle: options.noBle, erase: options.erase && !fresh },
      say,
    );
  } catch (error) {
    await line.close();
    throw error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  if (advice) say(advice);
  return follow(watchPort(port, options.watch, false), line, options, level, log);
}
