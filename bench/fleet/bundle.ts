// The fleet's application as a bundle, built as every other one is.
import { LOADER, nameOf } from "../../build/bundles.ts";
import { ensureBundle } from "../../build/ensure.ts";
import { appBundle } from "../../test/support/app-bundle.ts";

/** The program of a board, loader included. */
export async function build(version: 4 | 5, say: (line: string) => void): Promise<Record<string, string>> {
  await ensureBundle(nameOf(LOADER), say);
  return appBundle(
    { file: "bench/fleet/app.ts", name: "fleet" },
    { profile: version === 5 ? "v5" : "full", transport: "lean" },
  );
}
