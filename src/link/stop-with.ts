// Stops a link with a reason for the server (MQTT 5, 3.14). Only in builds that import it.

import { disconnectWith } from "../mqtt/v5/disconnect-with";
import type { Properties } from "../mqtt/v5/properties";
import { stop } from "./ladder";
import type { Link } from "./rungs";

/** As `stop`, with a Reason Code and properties. Throws, and stops nothing, if a DISCONNECT must not have them. */
export function stopWith(link: Link, code: number, list: Properties): void {
  disconnectWith(link.client, code, list);
  stop(link);
}
