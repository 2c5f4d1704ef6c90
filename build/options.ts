// Options that name a bundle, for every command that takes them; and the command line of `npm run build`.

import { BUNDLES, nameOf } from "./bundles.ts";
import { checked, HELP, helpOf, readWords, type Values } from "./command-line.ts";

/** Options that choose a bundle, for flash.sh and `npm start`. */
export const WHICH = {
  app: { value: "NAME", default: "hello", says: "firmware application, default hello" },
  profile: { value: "NAME", default: "full", says: "build of it: full, tiny, v5; default full" },
  transport: { value: "NAME", default: "ws", says: "ws or lean; default ws" },
} as const;

const PROFILES = [...new Set(BUNDLES.map(({ profile }) => profile))];
const TRANSPORTS = [...new Set(BUNDLES.map(({ transport }) => transport))];

/** Checks each option by itself. It does not check whether there is such a bundle. */
export function checkWhich({ app, profile, transport }: Values<typeof WHICH>): void {
  checked("app", app, /^[a-z][a-z0-9-]*$/, "the name of an app");
  checked("profile", profile, oneOf(PROFILES), "full, tiny or v5");
  checked("transport", transport, oneOf(TRANSPORTS), "ws or lean");
}

function oneOf(words: string[]): RegExp {
  return new RegExp(`^(${words.join("|")})$`);
}

const BUILD = {
  residents: { says: "list the functions of each that stay in memory, and why" },
  force: { says: "build even what is up to date" },
  web: { says: "make the pages of dist/web, too" },
  ...HELP,
} as const;

export const BUILD_USAGE = `npm run build -- [NAME...] [options]

Makes dist/NAME.js of each bundle in build/bundles.ts, or of those named, where it is not up to date.

${helpOf(BUILD)}
Bundles:
${BUNDLES.map((bundle) => `  ${nameOf(bundle).padEnd(18)} ${bundle.says}\n`).join("")}`;

export function buildOptions(args: string[]) {
  const { values, positionals } = readWords(args, BUILD, true);
  return { ...values, names: positionals };
}
