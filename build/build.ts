// `npm run build [-- NAME...]`: makes the bundles of dist/ that are not up to date, all or those named.

import { BUNDLES, type Bundle, LOADER, nameOf, rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { messageOf } from "./failure.ts";
import { refuseIdleTags } from "./idle-tags.ts";
import { makeRow } from "./make.ts";
import { BUILD_USAGE, buildOptions } from "./options.ts";
import { makeAll } from "./processes.ts";
import { freshStamp, type Stamp } from "./stamp.ts";

async function main(options: ReturnType<typeof buildOptions>): Promise<void> {
  const names = options.names.length ? options.names : [...BUNDLES, LOADER].map(nameOf);
  const rows = new Map(names.map((name) => [name, rowOf(name)]));
  const stamps = new Map<string, Stamp>();
  const note = (name: string, stamp: Stamp, state = "") => {
    stamps.set(name, stamp);
    show(name, stamp, options.residents, state);
  };
  const stale: string[] = [];
  for (const name of rows.keys()) {
    const fresh = options.force ? undefined : freshStamp(name);
    if (fresh) note(name, fresh, "up to date, ");
    else stale.push(name);
  }
  if (stale.length) await makeStale(stale, rows, stamps, note);
  if (options.web) await buildPages();
}

async function makeStale(
  stale: string[],
  rows: Map<string, Bundle>,
  stamps: Map<string, Stamp>,
  note: (name: string, stamp: Stamp) => void,
): Promise<void> {
  const from = await compiled();
  // For one bundle, do not start a process: that takes longer than the build.
  if (stale.length === 1) note(stale[0]!, await makeRow(from, rows.get(stale[0]!)!));
  else await makeAll(stale, note);
  if (BUNDLES.every((bundle) => stamps.has(nameOf(bundle))))
    refuseIdleTags(
      from.tags,
      [...stamps.values()].flatMap(({ residents }) => residents),
    );
}

/** The pages need a bundler of their own, which is loaded only here. */
async function buildPages(): Promise<void> {
  const { buildAllPages } = await import("./web/pages.ts");
  await buildAllPages((line) => console.log(line));
}

/** A line about a bundle, and a line for each of its functions that stays in memory. */
function show(name: string, { residents, sizes }: Stamp, all: boolean, state: string): void {
  const bytes = sizes.map((size) => size.toLocaleString("en")).join(" + ");
  console.log(`dist/${name}.js: ${state}${bytes} bytes, ${residents.length} functions stay in memory`);
  if (all) for (const { file, name, why } of residents) console.log(`  ${name}, ${file}: ${why}`);
}

try {
  const options = buildOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(BUILD_USAGE);
  else await main(options);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
