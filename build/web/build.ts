// `npm run build:web`: makes the pages of dist/web that are not up to date.

import { messageOf } from "../failure.ts";
import { buildAllPages } from "./pages.ts";

try {
  await buildAllPages((line) => console.log(line));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
