// Every generated part of the docs: its page, its markers, and what makes it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { aims } from "../../bench/aims.ts";
import { FLEET_USAGE } from "../../bench/fleet/options.ts";
import { costTable, lossTable, restartTable, storyTable } from "../../bench/fleet/tables.ts";
import { report, shortReport } from "../../bench/report.ts";
import { sizeReport } from "../../bench/size.ts";
import { BUILD_USAGE } from "../../build/options.ts";
import { USAGE as START_USAGE } from "../demo/options.ts";
import { OUTCOMES } from "../failures.ts";
import { CONFIG_USAGE } from "../flash/config-command.ts";
import { IMAGE_USAGE } from "../flash/image-command.ts";
import { KEY_USAGE } from "../key/key.ts";
import { DECODE_USAGE } from "../monitor/decode-command.ts";
import { BUILD_APPLICATION_USAGE } from "../new/build.ts";
import { NEW_USAGE } from "../new/new.ts";
import { FLASH_USAGE, MONITOR_USAGE } from "../options.ts";
import { ROOT } from "../paths.ts";
import { UPDATE_USAGE } from "../update/options.ts";
import { table } from "./blocks.ts";
import { bundleTable } from "./bundle-table.ts";
import { configTable, pinTable } from "./key-table.ts";
import { reasonTable, statusTable } from "./reason-table.ts";

export interface Part {
  page: string;
  name: string;
  /** @param old what the page says now */
  make(old: string): string | Promise<string>;
}

export const PARTS: Part[] = [
  { page: "docs/configuration.md", name: "example", make: () => fenced(example(), "json") },
  { page: "docs/configuration.md", name: "keys", make: configTable },
  { page: "docs/device.md", name: "pin keys", make: pinTable },
  { page: "docs/final-words.md", name: "reasons", make: reasonTable },
  { page: "docs/final-words.md", name: "statuses", make: statusTable },
  { page: "docs/final-words.md", name: "exit codes", make: exitCodes },
  { page: "docs/flash.md", name: "flash options", make: () => options(FLASH_USAGE) },
  { page: "docs/flash.md", name: "monitor options", make: () => options(MONITOR_USAGE) },
  { page: "docs/update.md", name: "update options", make: () => options(UPDATE_USAGE) },
  { page: "docs/testing.md", name: "start options", make: () => options(START_USAGE) },
  { page: "docs/install.md", name: "command options", make: () => SHORT.map(options).join("\n\n") },
  {
    page: "docs/own-app.md",
    name: "build application options",
    make: () => options(BUILD_APPLICATION_USAGE),
  },
  { page: "docs/own-app.md", name: "build options", make: () => options(BUILD_USAGE) },
  { page: "docs/sizes-and-bench.md", name: "bundles", make: bundleTable },
  { page: "docs/sizes-and-bench.md", name: "size", make: sizeReport },
  { page: "docs/sizes-and-bench.md", name: "bench", make: report },
  { page: "docs/sizes-and-bench.md", name: "aims", make: aims },
  { page: "docs/fleet.md", name: "fleet options", make: () => options(FLEET_USAGE) },
  { page: "docs/fleet.md", name: "fleet restart", make: restartTable },
  { page: "docs/fleet.md", name: "fleet stories", make: storyTable },
  { page: "docs/fleet.md", name: "fleet losses", make: lossTable },
  { page: "docs/fleet.md", name: "fleet costs", make: costTable },
  { page: "README.md", name: "bench", make: shortReport },
];

/** Help of the commands that have no page of their own. */
const SHORT = [IMAGE_USAGE, CONFIG_USAGE, DECODE_USAGE, KEY_USAGE, NEW_USAGE];

function exitCodes(): string {
  const rows = OUTCOMES.map(({ code, meaning, remedy }) => [`${code}`, meaning, remedy]);
  return table([["code", "what it means", "what to do"], ...rows]);
}

function example(): string {
  return readFileSync(join(ROOT, "board/config.example.json"), "utf8");
}

/** The help of a command without its exit codes, which have a table. */
function options(usage: string): string {
  return fenced(usage.split("\nExit codes:")[0]!, "text");
}

function fenced(text: string, language: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
