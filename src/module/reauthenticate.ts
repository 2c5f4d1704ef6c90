// client.reauthenticate: another authentication while connected (MQTT 5, 4.12.1).

import { reauthenticate } from "../mqtt/v5/auth";
import type { ModuleClient } from "./client";

/** Throws without a connection of MQTT 5, and without the option `auth`. */
export function reauthenticateCall(client: ModuleClient): void {
  reauthenticate(client.link.client);
}
