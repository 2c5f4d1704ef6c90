// `node:os` in the page: there is no home.

export function homedir(): string {
  return "/";
}
