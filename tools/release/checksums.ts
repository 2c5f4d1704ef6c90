// Checksums of files, in the form that `sha256sum --check` reads.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function sha256Lines(folder: string, names: string[]): string {
  return names
    .map((name) => {
      const sum = createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex");
      return `${sum}  ${name}\n`;
    })
    .join("");
}
