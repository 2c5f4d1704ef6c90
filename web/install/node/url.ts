// `node:url` in the page.

export function fileURLToPath(url: URL): string {
  return url.pathname;
}
