// `npm run build:web`: makes the pages of dist/web that are not up to date.

import { statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../failure.ts";
import { ROOT } from "../root.ts";
import { ensurePage, PAGES } from "./pages.ts";

try {
  for (const page of PAGES) {
    const file = await ensurePage(page, () => {});
    console.log(`${file}: ${statSync(join(ROOT, file)).size.toLocaleString("en")} bytes. ${page.says}`);
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
