#!/usr/bin/env node
// The command `espruino-mqtt-ws`. The package has the tools compiled; a clone of the repository runs their sources.
import { existsSync } from "node:fs";

if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`Node ${process.version} is too old: install version 20 or later, and run again.`);
  process.exit(4);
}
const sources = new URL("../tools/cli.ts", import.meta.url);
if (existsSync(sources)) {
  const { register } = await import("tsx/esm/api");
  register();
  await import(sources.href);
} else await import(new URL("../dist/tools/cli.js", import.meta.url).href);
