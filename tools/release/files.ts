// `npm run release:files [-- FOLDER]`: what a release carries besides the package, in a new folder, default release/. The same sources give the same
// bytes: nothing of the time, the place or the user is in them.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programOf } from "../../board/virtual/program.ts";
import { BUNDLES, LOADER, MODULE, nameOf } from "../../build/bundles.ts";
import { webFiles } from "../../build/web/pages.ts";
import { storageImage } from "../flash/image.ts";
import { ROOT, userPath } from "../paths.ts";
import { sha256Lines } from "./checksums.ts";
import { usersSbom } from "./sbom.ts";

const FOLDER = userPath(process.argv[2] ?? "release");

function main(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const name of [...BUNDLES, LOADER].map(nameOf)) copy(`dist/${name}.js`);
  copy(`dist/${MODULE}.d.ts`);
  copy("board/config.example.json");
  for (const page of webFiles()) copy(page);
  // Builds with the ws transport need Espruino's ws module in Storage, which is not ours to give away.
  for (const bundle of BUNDLES.filter(({ app, transport }) => app !== MODULE && transport === "lean"))
    writeFileSync(join(FOLDER, `storage-${nameOf(bundle)}.bin`), imageOf(nameOf(bundle)));
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  writeFileSync(join(FOLDER, "sbom.cdx.json"), usersSbom(sbom(), own));
  // Of all files, so it is the last.
  const names = readdirSync(FOLDER).sort();
  writeFileSync(join(FOLDER, "SHA256SUMS"), sha256Lines(FOLDER, names));
  console.log(`${FOLDER} has ${names.length} files and their checksums`);
}

function copy(file: string): void {
  cpSync(join(ROOT, file), join(FOLDER, file.replace(/^.*\//, "")));
}

/** An image of Storage with a program and without a configuration. */
function imageOf(name: string): Buffer {
  const program = programOf(join(ROOT, "dist", `${name}.js`));
  return storageImage(
    Object.entries(program).map(([name, text]) => ({ name, bytes: Buffer.from(text, "latin1") })),
  );
}

/** What npm knows of all libraries. */
function sbom(): string {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} fails: ${stderr}`);
  return stdout;
}

main();
