// Passes of the installer: Node's modules become stand-ins (web/install/node), and the files that the tools read are put in.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rollup";
import { BUNDLES, type Bundle, LOADER, nameOf } from "../bundles.ts";
import { ensureBundle } from "../ensure.ts";
import { ROOT } from "../root.ts";

const FILES = "virtual:files";
/** Where the page believes the repository to be. */
const PLACE = "file:///repo/";

/** The programs that the page installs: those with a handshake of their own, which need no module of Espruino's. */
export function installed(): Bundle[] {
  return BUNDLES.filter(
    ({ app, profile, transport }) => transport === "lean" && app !== "mqtt-ws" && profile !== "tiny",
  );
}

export async function installPasses(): Promise<{ passes: Plugin[]; files: string[] }> {
  const programs = installed().map(nameOf);
  for (const name of programs) await ensureBundle(name, () => {});
  const chips = readdirSync(join(ROOT, "board/chips")).map((name) => `board/chips/${name}`);
  const dist = [...programs, nameOf(LOADER)].map((name) => `dist/${name}.js`);
  const files = ["board/config.example.json", ...chips, ...dist];
  return { passes: [standIns(), putIn(files)], files };
}

function standIns(): Plugin {
  return {
    name: "node-stand-ins",
    resolveId(id) {
      return id.startsWith("node:") ? join(ROOT, `web/install/node/${id.slice("node:".length)}.ts`) : null;
    },
    resolveImportMeta(property, { moduleId }) {
      if (property !== "url") return null;
      return JSON.stringify(PLACE + moduleId.slice(ROOT.length).replaceAll("\\", "/").replace(/^\//, ""));
    },
  };
}

function putIn(files: string[]): Plugin {
  return {
    name: "files",
    resolveId: (id) => (id === FILES ? `\0${FILES}` : null),
    load(id) {
      if (id !== `\0${FILES}`) return null;
      const texts = Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, file), "latin1")]));
      return `export const FILES = ${JSON.stringify(texts)};`;
    },
  };
}
