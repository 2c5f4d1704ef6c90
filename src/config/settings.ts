// What a link is made of. config.json becomes that (boot.ts), and so do the module's options (src/module/options.ts): the
// link knows neither.

import type { Network } from "../board";
import type { Limits } from "../mqtt/state";
import type { Options5 } from "../mqtt/v5/options";
import type { Url } from "./url";

export interface Settings {
  /** Absent where the Wi-Fi is joined by the user's program. */
  network?: Network;
  /** What CONNECT says. */
  login: Options5;
  url: Url;
  /** Seconds without being UP after which the board restarts, 0 = never. */
  restartAfterS: number;
  limits: Limits;
  /** Whether the outbox is saved to flash. */
  saved?: boolean;
  /** 1: the masking key of frames is zero. */
  zero: number;
}
