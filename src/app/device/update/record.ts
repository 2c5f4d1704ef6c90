// What a device keeps in memory about updates, and the limits of updates. Everything else is in the note in flash (note.ts)
// and in the manifest, which the broker keeps.

import type { Bytes } from "../../../board";
import type { Check } from "../../../sign/slh-hash";

/** Largest manifest, and blocks of programs and signatures, in bytes. */
export const MAX_MANIFEST = 512;
export const BLOCK = 1024;
/** Most bytes of a block's PUBLISH besides `<base>` and the block: head, `/update/`, 16 digits, `/`, number, identifier. */
export const BLOCK_OVERHEAD = 64;
/** Seconds until the board asks again for a block that does not come, and how often it asks: then the update has failed. */
export const BLOCK_WITHIN_S = 20;
export const MOST_ASKS = 3;
/** Seconds for the manifest to come after it was asked for. */
export const MANIFEST_WITHIN_S = 10;
/** With `auto`, an update begins after a random time of at most so many seconds: a fleet does not load at once. */
export const AUTO_WITHIN_S = 600;
/** Progress is told in steps of so many percent: an update is at most 12 PUBLISH. */
export const PROGRESS_STEP = 25;
/** What a signature is made for (FIPS 205 10.2). */
export const CONTEXT = "espruino-mqtt-ws";
/** The signature while it is loaded and checked. */
export const SIGNATURE_FILE = "update.sig";

/** What is told under `<base>/<id>/update`. */
export const NOTHING = 0;
export const IDLE = 1;
export const AVAILABLE = 2;
export const LOADING = 3;
export const CHECKING = 4;
export const TRYING = 5;
export const DONE = 6;
export const REFUSED = 7;
export const ROLLED_BACK = 8;

/** What the owner has asked for. */
export const CHECK = 1;
export const INSTALL = 2;

export interface Updates {
  /** The topic of the manifest. */
  manifestTopic: Bytes;
  /** The state that was told last. */
  told: number;
  /** Seconds until something is due (see `due` in update.ts), 0 = nothing. */
  wait: number;
  /** The manifest was asked for again, for this: CHECK, INSTALL or 0. */
  asked: number;
  /** Mark of the last manifest (manifest.ts), "" before it. */
  mark: Bytes;
  /** The version that it offers. */
  offer?: Bytes;
  /** While blocks are loaded. */
  loading?: Load;
  /** While the signature is checked, a slice a second. */
  checking?: Check;
}

/** A file that is loaded in blocks. */
export interface Load {
  /** The beginning of the blocks' topics. */
  folder: Bytes;
  file: Bytes;
  size: number;
  /** The block that is next. */
  block: number;
  /** How often it was asked for. */
  asks: number;
  /** The manifest, while its signature is loaded. */
  manifest: Bytes;
}
