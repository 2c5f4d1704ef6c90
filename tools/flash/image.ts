// Makes an image of a whole Storage without a board, for `esptool write-flash`. The layout is that of Espruino's
// jsflash: files one after another, each behind a header, the rest erased.

import { Failure } from "../failures.ts";
import type { File } from "./upload.ts";

/** Address and size of Storage in the flash of ESP32, C3 and S3: the partition of Espruino's builds. */
export const STORAGE_ADDRESS = 0x320000;
export const STORAGE_BYTES = 896 * 1024;
const ERASED = 0xff;
const NAME_BYTES = 28;
const HEADER_BYTES = 4 + NAME_BYTES;

/**
 * The image. It is as large as the whole Storage, so that no old file stays.
 * @param smaller what makes the firmware smaller, as advice
 */
export function storageImage(files: File[], size = STORAGE_BYTES, smaller = ""): Buffer {
  const image = Buffer.alloc(size, ERASED);
  let at = 0;
  for (const { name, bytes } of files) {
    const end = at + HEADER_BYTES + bytes.length;
    if (end > size)
      throw new Failure(
        "full",
        `the files need more than the ${size} bytes of the Storage`,
        smaller || "use a smaller program",
      );
    // The upper eight bits of the length are flags, 0 for a plain file.
    image.writeUInt32LE(bytes.length, at);
    image.fill(0, at + 4, at + HEADER_BYTES);
    image.write(name.slice(0, NAME_BYTES), at + 4, "latin1");
    image.set(bytes, at + HEADER_BYTES);
    at = (end + 3) & ~3;
  }
  return image;
}
