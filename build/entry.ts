// The entry of a bundle, made of its row: imports and one call. It is checked and compiled as if it were a file.

import { type Bundle, MODULE, nameOf, STARTS } from "./bundles.ts";

/** Where the entry of a bundle would lie. */
export function entryFile(bundle: Bundle): string {
  return `entry/${nameOf(bundle)}.ts`;
}

/** What an entry starts: an application by its name and file, with a profile and a transport. */
export interface Start {
  app: string;
  /** The application's file, from the folder of this repo, without its extension. */
  file: string;
  /** The expression that is the application; its other names are exports of board/esp32/<name>.ts. */
  start: string;
  profile: string;
  transport: "ws" | "lean";
}

/** The text of a bundle's entry. */
export function entryOf({ app, profile, transport }: Bundle): string {
  const connection = transport === "lean" ? LEAN : STOCK;
  if (app === MODULE)
    return program([profileImport(profile), connection, PROVIDE], `provide(${profile}, ${connection.name})`);
  return entryThatStarts({ app, file: `src/app/${app}`, start: STARTS[app] ?? app, profile, transport });
}

/** The text of an entry that starts this application, which may lie anywhere. */
export function entryThatStarts({ app, file, start, profile, transport }: Start): string {
  const connection = transport === "lean" ? LEAN : STOCK;
  const wanted = namesIn(start).filter((name) => name !== app);
  const ofBoard = wanted.map((name) => ({ name, from: `board/esp32/${name}` }));
  const imports = [{ name: app, from: file }, profileImport(profile), connection, RUN, ...ofBoard];
  return program(imports, `run(${start}, ${profile}, ${connection.name})`);
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

/** What the application and the profile need stands in front of what the board has: in the order of their paths. */
function program(imports: Import[], call: string): string {
  const rank = ({ from }: Import) => (from.startsWith("board/") ? 1 : 0);
  const ordered = [...imports].sort((a, b) => rank(a) - rank(b) || (a.from < b.from ? -1 : 1));
  const lines = ordered.map(({ name, from }) => `import { ${name} } from "../${from}";\n`);
  return `${lines.join("")}${call};\n`;
}

/** Names in an expression that are no keys. */
function namesIn(expression: string): string[] {
  return [...expression.matchAll(/\b[A-Za-z]\w*\b(?!\s*:)/g)].map(([name]) => name);
}
