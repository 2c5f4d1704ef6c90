// `npm run build:package`: what the package has in dist/ beside the bundles, which are there already.

import { messageOf } from "./failure.ts";
import { compileHost } from "./host.ts";
import { writeModules } from "./module-files.ts";

try {
  compileHost();
  await writeModules();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
