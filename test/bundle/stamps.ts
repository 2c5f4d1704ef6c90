// What the build noted of the bundles in dist/, which it makes again where they are old.
import { ensureBundle } from "../../build/ensure.ts";
import { freshStamp, type Stamp } from "../../build/stamp.ts";

export async function stampOf(name: string): Promise<Stamp> {
  await ensureBundle(name, () => {});
  return freshStamp(name)!;
}
