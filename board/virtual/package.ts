// Where the files of this package are that are no modules. They stand in their folders whether its TypeScript runs as it
// is or compiled, below dist/.
import { existsSync } from "node:fs";

/** The URL of a file of the package. `path` begins at the package's folder. */
export function inPackage(path: string): URL {
  return new URL(path, folderOf(new URL(".", import.meta.url)));
}

/** The nearest folder with a package.json, from `url` upwards. */
function folderOf(url: URL): URL {
  if (existsSync(new URL("package.json", url))) return url;
  const above = new URL("..", url);
  if (above.href === url.href) throw new Error("no package.json above this file");
  return folderOf(above);
}
