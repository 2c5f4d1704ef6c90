// Writes Espruino itself, by esptool-js: the chip's own boot loader takes it.

import { ESPLoader, type FlashFreqValues, Transport } from "esptool-js";
import { Failure } from "../../tools/failures.ts";
import { ESPTOOL_BAUD } from "../../tools/limits.ts";
import { type Download, plain } from "./downloads.ts";
import { PATH } from "./web-line.ts";

type Say = (text: string) => void;

/**
 * The chip stays in its boot loader: esptool-js only lets the reset line go, so who opens the port next has to reset it.
 * @param choose gives the files for a chip, esp32c3
 * @param erase the whole flash first
 */
export async function writeEspruino(
  port: SerialPort,
  choose: (chip: string) => Promise<Download>,
  erase: boolean,
  say: Say,
): Promise<void> {
  const transport = new Transport(port, false);
  try {
    const chip = await connected(transport, say);
    const files = await choose(chip.name);
    if (files.chip !== chip.name)
      throw new Failure(
        "esptoolFailed",
        `the chip is an ${chip.name}, and the files are for an ${files.chip}`,
        "choose the download of Espruino for this chip",
      );
    await write(chip.loader, files, erase, say);
  } finally {
    await transport.disconnect().catch(() => {});
  }
}

async function connected(transport: Transport, say: Say): Promise<{ loader: ESPLoader; name: string }> {
  const terminal = { clean: () => {}, write: () => {}, writeLine: () => {} };
  const loader = new ESPLoader({ transport, baudrate: ESPTOOL_BAUD, romBaudrate: 115200, terminal });
  say("looking for the chip's boot loader");
  try {
    const words = await loader.main();
    say(`found ${words}`);
    return { loader, name: plain(loader.chip.CHIP_NAME) };
  } catch (error) {
    throw failed(error as Error);
  }
}

async function write(
  loader: ESPLoader,
  { parts, flashFreq }: Download,
  erase: boolean,
  say: Say,
): Promise<void> {
  let told = "";
  const reportProgress = (index: number, written: number, total: number) => {
    const now = `writing ${parts[index]!.name}, ${Math.floor((written / total) * 10) * 10} %`;
    if (now !== told) say(now);
    told = now;
  };
  try {
    if (erase) say("erasing the whole flash");
    await loader.writeFlash({
      fileArray: parts.map(({ data, address }) => ({ data, address })),
      flashMode: "dio",
      flashFreq: flashFreq as FlashFreqValues,
      flashSize: "detect",
      eraseAll: erase,
      compress: true,
      reportProgress,
    });
  } catch (error) {
    throw failed(error as Error);
  }
}

function failed(error: Error): Failure {
  const { message, name } = error;
  if (error instanceof Failure) return error;
  if (/already open|Failed to open/i.test(message)) return new Failure("busy", `${PATH} is in use`);
  if (name === "NetworkError" || /device has been lost/i.test(message))
    return new Failure("unplugged", `${PATH} has gone away`);
  return new Failure("esptoolFailed", `the chip's boot loader does not do its part (${message})`);
}
