// A pass of rollup: JSON files as modules. esptool-js has the programs for each chip's memory in such files; those of chips
// that the firmware does not run on are left out.

import type { Plugin } from "rollup";

const STUB = /stub_flasher\/(\w[\w-]*)\.json$/;
const CHIPS = ["esp32", "esp32c3", "esp32s3"];

export function json(): Plugin {
  return {
    name: "json",
    transform(code, id) {
      if (!id.endsWith(".json")) return undefined;
      const chip = STUB.exec(id.replaceAll("\\", "/"))?.[1];
      return { code: `export default ${chip && !CHIPS.includes(chip) ? "{}" : code};`, map: null };
    },
  };
}
