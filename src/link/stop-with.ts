// The end of a link that tells the server why (MQTT 5, 3.14). In no bundle that does not import it.

import { disconnectWith } from "../mqtt/v5/disconnect-with";
import type { Properties } from "../mqtt/v5/properties";
import { stop } from "./ladder";
import type { Link } from "./rungs";

/** As `stop`, with a Reason Code and properties. Throws, and stops nothing, where DISCONNECT must not have them. */
export function stopWith(link: Link, code: number, list: Properties): void {
  disconnectWith(link.client, code, list);
  stop(link);
}
