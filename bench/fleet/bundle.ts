// The fleet's application as a bundle, built as every other one is.
import { appBundle } from "../../test/support/app-bundle.ts";

export function build(version: 4 | 5): Promise<Record<string, string>> {
  return appBundle(
    { file: "bench/fleet/app.ts", name: "fleet" },
    { profile: version === 5 ? "v5" : "full", transport: "lean" },
  );
}
