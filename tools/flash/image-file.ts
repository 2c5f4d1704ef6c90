// Writes an image of the Storage to a file of the user's.

import { writeFileSync } from "node:fs";
import { Failure } from "../failures.ts";
import { userPath } from "../paths.ts";
import { STORAGE_ADDRESS, storageImage } from "./image.ts";
import type { Prepared } from "./load.ts";

/** @param configured whether the user's configuration is in it */
export function writeImage(
  file: string,
  { files, needs }: Prepared,
  configured: boolean,
  say: (text: string) => void,
): number {
  try {
    // It may contain the password of the Wi-Fi.
    writeFileSync(userPath(file), storageImage(files, undefined, needs.smaller), { mode: 0o600 });
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("file", `${file} cannot be written`);
  }
  const what = configured ? "your configuration included" : "without a configuration";
  say(`${file} is a Storage image, ${what}: esptool write-flash 0x${STORAGE_ADDRESS.toString(16)} ${file}`);
  if (needs.tls)
    say("not for a classic ESP32: wss:// without mqtt.tls.psk cannot work there, see docs/security.md");
  return 0;
}
