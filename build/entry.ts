// The entry of a bundle: imports and one call, made from its row. The compiler checks it like a file.

import { type Bundle, LOADER, MODULE, nameOf, STARTS } from "./bundles.ts";

/** File name of a bundle's entry. The file does not exist on disk. */
export function entryFile(bundle: Bundle): string {
  return `entry/${nameOf(bundle)}.ts`;
}

/** An application to start, with its profile and its transport. */
export interface Start {
  app: string;
  /** The application's file, relative to the folder of this repo, without its extension. */
  file: string;
  /** An expression whose value is the application. Its other names are exports of board/esp32/<name>.ts. */
  start: string;
  profile: string;
  transport: "ws" | "lean";
}

/** The text of a bundle's entry. */
export function entryOf({ app, profile, transport }: Bundle): string {
  if (app === LOADER.app) return 'export { load as default } from "../board/esp32/loader";\n';
  const connection = transport === "lean" ? LEAN : STOCK;
  if (app === MODULE)
    return program(
      [profileImport(profile), connection, PROVIDE],
      `provide(${profile}, ${connection.name}, exports)`,
    );
  return entryThatStarts({ app, file: `src/app/${app}`, start: STARTS[app] ?? app, profile, transport });
}

/** The text of an entry that starts this application. Its file may be anywhere. */
export function entryThatStarts({ app, file, start, profile, transport }: Start): string {
  const connection = transport === "lean" ? LEAN : STOCK;
  const wanted = namesIn(start).filter((name) => name !== app);
  const ofBoard = wanted.map((name) => ({ name, from: `board/esp32/${name}` }));
  const imports = [{ name: app, from: file }, profileImport(profile), connection, RUN, ...ofBoard];
  return program(imports, `run(${start.replace('"?"', `"${transport}"`)}, ${profile}, ${connection.name})`);
}

interface Import {
  name: string;
  from: string;
}

const LEAN: Import = { name: "lean", from: "board/esp32/lean" };
const STOCK: Import = { name: "stock", from: "board/esp32/socket" };
const RUN: Import = { name: "run", from: "board/esp32/run" };
const PROVIDE: Import = { name: "provide", from: "board/esp32/module" };

function profileImport(profile: string): Import {
  return { name: profile, from: `src/profile/${profile}` };
}

/** Imports, sorted by path: files of the application and the profile come before those of the board. */
function program(imports: Import[], call: string): string {
  const rank = ({ from }: Import) => (from.startsWith("board/") ? 1 : 0);
  const ordered = [...imports].sort((a, b) => rank(a) - rank(b) || (a.from < b.from ? -1 : 1));
  const lines = ordered.map(({ name, from }) => `import { ${name} } from "../${from}";\n`);
  return `${lines.join("")}${call};\n`;
}

/** Names in an expression, without keys. */
function namesIn(expression: string): string[] {
  return [...expression.matchAll(/\b[A-Za-z]\w*\b(?!\s*:)/g)].map(([name]) => name);
}
