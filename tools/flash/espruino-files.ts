// The files of a download of Espruino: for which chip they are, and which belongs at which offset of its flash.

import { Failure } from "../failures.ts";

export interface Chip {
  name: string;
  /** Offset of the boot loader; the other offsets are the same on all chips. */
  bootloader: number;
  flashFreq: string;
  /** Name of the file with Espruino in its builds. */
  espruino: RegExp;
}

// The plain ESP32 comes last: its pattern matches the others' names, too.
const CHIPS: Chip[] = [
  { name: "esp32c3", bootloader: 0, flashFreq: "80m", espruino: /^espruino.*esp32c3.*\.bin$/i },
  { name: "esp32s3", bootloader: 0, flashFreq: "80m", espruino: /^espruino.*esp32s3.*\.bin$/i },
  { name: "esp32", bootloader: 0x1000, flashFreq: "40m", espruino: /^espruino.*esp32(?![a-z]\d).*\.bin$/i },
];
const PARTITIONS = 0x8000;
const PROGRAM = 0x10000;

export interface Place {
  offset: number;
  name: string;
}

/** Throws if a file is missing. @param folder where they are, for people */
export function placesOf(names: string[], folder: string): { chip: Chip; places: Place[] } {
  const find = (pattern: RegExp, what: string) => {
    const name = names.find((each) => pattern.test(each));
    if (name === undefined)
      throw new Failure(
        "file",
        `there is no ${what} in ${folder}`,
        "unpack a download of Espruino for the ESP32 there",
      );
    return name;
  };
  const chip = CHIPS.find(({ espruino }) => names.some((name) => espruino.test(name)));
  const program = find(chip?.espruino ?? CHIPS[2]!.espruino, "espruino_esp32*.bin");
  const loader = find(/^bootloader.*\.bin$/i, "bootloader.bin");
  const partitions = find(/^partition.*\.bin$/i, "partitions_espruino.bin");
  return {
    chip: chip!,
    places: [
      { offset: chip!.bootloader, name: loader },
      { offset: PARTITIONS, name: partitions },
      { offset: PROGRAM, name: program },
    ],
  };
}
