// The table of pages. Each is one HTML file in dist/web, made where its sources have changed.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rollup";
import { ROOT } from "../root.ts";
import { freshStamp, hashesOf, writeStamp, writeWhole } from "../stamp.ts";

export interface Page {
  /** dist/web/<name>.html. Its entry is web/<name>/main.tsx; page.html and style.css are beside it. */
  name: string;
  /** Style sheets of libraries. */
  styles: string[];
  /** What it may do besides running its own script, as Content Security Policy has it. */
  allows: string[];
  evaluates: boolean;
  /** Passes of its own, and the files they put in; they have to be built already. */
  own?: () => Promise<{ passes: Plugin[]; files: string[] }>;
  says: string;
}

export const PAGES: Page[] = [
  {
    name: "dashboard",
    styles: ["node_modules/uplot/dist/uPlot.min.css"],
    allows: ["connect-src ws: wss:"],
    evaluates: false,
    says: "The live page: devices, their pins, logs, configurations and updates.",
  },
  {
    name: "install",
    styles: [],
    // The files of Espruino beside the page; the frames of the virtual board, whose program is a text.
    allows: ["connect-src 'self'", "frame-src 'self'"],
    evaluates: true,
    own: async () => (await import("./install-files.ts")).installPasses(),
    says: "The installer: from a board with a cable to a device at your broker.",
  },
];

/** Files that every page is made of. */
const COMMON = ["web/shared/style.css", "package-lock.json"];
const BUILDERS = ["bundle.ts", "html.ts", "install-files.ts", "json.ts", "pages.ts", "transpile.ts"].map(
  (name) => `build/web/${name}`,
);

/** The file of a page, relative to the folder of this repository. */
export function fileOf({ name }: Pick<Page, "name">): string {
  return `dist/web/${name}.html`;
}

/** Every file of the pages, for a host and for a release. The files exist after `npm run build:web`. */
export function webFiles(): string[] {
  return PAGES.map(fileOf);
}

export function pageOf(name: string): Page {
  return PAGES.find((page) => page.name === name)!;
}

/** Makes every page that is not up to date. Calls `say` with a line about each. Throws a BuildError. */
export async function buildAllPages(say: (line: string) => void): Promise<void> {
  for (const page of PAGES) {
    const file = await ensurePage(page, () => {});
    say(`${file}: ${statSync(join(ROOT, file)).size.toLocaleString("en")} bytes. ${page.says}`);
  }
}

/** Makes a page that is not up to date, and calls `say` before, because that takes seconds. Throws a BuildError. */
export async function ensurePage(page: Page, say: (text: string) => void): Promise<string> {
  const file = fileOf(page);
  // The package from npm has the pages as they were built, and no sources of them.
  if (!existsSync(join(ROOT, "web")) || freshStamp(stampOf(page))) return file;
  say(`building ${file}`);
  await makePage(page);
  return file;
}

async function makePage(page: Page): Promise<void> {
  // The bundler is large: it is loaded where there is something to make.
  const [{ scriptOf }, { htmlOf }] = await Promise.all([import("./bundle.ts"), import("./html.ts")]);
  const folder = `web/${page.name}`;
  const own = (await page.own?.()) ?? { passes: [], files: [] };
  const { code, sources } = await scriptOf(`${folder}/main.tsx`, own.passes);
  const template = `${folder}/page.html`;
  const styles = [...page.styles, "web/shared/style.css", `${folder}/style.css`];
  const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
  const style = styles.map(read).join("\n");
  const { allows, evaluates } = page;
  writeWhole(fileOf(page), htmlOf({ template: read(template), style, script: code, allows, evaluates }));
  writeStamp(stampOf(page), {
    inputs: hashesOf([...new Set([...sources, ...own.files, template, ...styles, ...COMMON, ...BUILDERS])]),
    outputs: hashesOf([fileOf(page)]),
    modules: {},
    residents: [],
    sizes: [],
  });
}

function stampOf({ name }: Page): string {
  return `web-${name}`;
}
