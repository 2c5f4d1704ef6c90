// The build's notes about the bundles in dist/. Old bundles are built again first.
import { ensureBundle } from "../../build/ensure.ts";
import { freshStamp, type Stamp } from "../../build/stamp.ts";

export async function stampOf(name: string): Promise<Stamp> {
  await ensureBundle(name, () => {});
  return freshStamp(name)!;
}
