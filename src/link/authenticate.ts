// Enhanced authentication for an application (MQTT 5, 4.12). Only in builds that import it.

import { type Auth, withAuth } from "../mqtt/v5/auth";
import type { Link } from "./rungs";

/** Uses this method from the next attempt to connect on. To be called in `begin` (src/link/rungs.ts). */
export function authenticate(link: Link, auth: Auth): void {
  link.client.handlers = withAuth(link.profile.handlers, auth);
}
