declare module "virtual:files" {
  /** Texts by path, relative to the folder of the repository. */
  export const FILES: Record<string, string | undefined>;
}
declare module "buffer/" {
  export { Buffer } from "node:buffer";
}
