// `node:path` in the page, as far as the shared tools need it.

export function join(...parts: string[]): string {
  return parts.join("/").replaceAll(/\/+/g, "/");
}

export function resolve(...parts: string[]): string {
  return join(...parts);
}
