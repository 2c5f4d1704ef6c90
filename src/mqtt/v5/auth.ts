// Enhanced authentication (4.12).

import type { Bytes } from "../../board";

/** A method. */
export interface Auth {
  /** Its name (3.1.2.11.9). */
  method: Bytes;
  /** Gives what to say to the server: "" comes first, then what the server has said. Undefined: it is not trusted. */
  next(data: Bytes): Bytes | undefined;
}
