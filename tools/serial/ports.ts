// Finds the board's serial port by the names that operating systems give to USB serial adapters. Opens none.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failures.ts";
import { driver } from "./serial.ts";

/** Folders and names. The links in /dev/serial/by-id point to these, and are opened by their own names. */
const NAMES: Record<string, [folder: string, names: RegExp]> = {
  linux: ["/dev", /^tty(USB|ACM)\d+$/],
  darwin: ["/dev", /^cu\.(usbserial|usbmodem|wchusbserial|SLAB_USBtoUART).*$/],
};

/** Ports that may be a board. */
export async function candidates(platform: string = process.platform, root = "/"): Promise<string[]> {
  if (platform === "win32")
    return (await (await driver()).SerialPort.list())
      .filter(({ vendorId }) => vendorId)
      .map(({ path }) => path);
  const [folder, names] = NAMES[platform] ?? NAMES.linux!;
  try {
    return readdirSync(join(root, folder))
      .filter((name) => names.test(name))
      .sort()
      .map((name) => join(root, folder, name));
  } catch {
    return [];
  }
}

/** The port the user named, or the only one there is. */
export async function choosePort(named: string | undefined, found = candidates): Promise<string> {
  if (named !== undefined) return named;
  const ports = await found();
  if (ports.length === 1) return ports[0]!;
  if (!ports.length)
    throw new Failure("port", "no serial port with a board is there", "plug the board in, or name its port");
  throw new Failure(
    "port",
    `there are several ports: ${ports.join(", ")}`,
    "name the one that the board is on",
  );
}
