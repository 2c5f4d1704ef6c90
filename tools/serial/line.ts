// A serial port as the tools use it: in Node it is a driver's (serial.ts), in a page the browser's (web/install).

import { Failure } from "../failures.ts";

/** A port as the rest of the tool uses it. */
export interface Line {
  /** False if the driver has no DTR and RTS: then opening may have reset the board. */
  readonly held: boolean;
  /** Whether it is still there. */
  readonly alive: boolean;
  onBytes: (bytes: Uint8Array) => void;
  /** The port has vanished; called once, not after {@link close}. */
  onGone: () => void;
  write(bytes: Uint8Array): Promise<void>;
  /** Resets the board by its reset line; false without one. */
  reset(): Promise<boolean>;
  close(): Promise<void>;
}

export function unplugged(path: string): Failure {
  return new Failure("unplugged", `${path} has gone away`);
}
