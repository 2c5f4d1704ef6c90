// A server that names another one to go to (MQTT 5, 4.11). Only in builds that speak MQTT 5.

import type { Target } from "../board";
import { parseUrl } from "../config/url";
import type { Client } from "../mqtt/state";

/**
 * Where to connect. A Server Reference (MQTT 5, 4.11) is followed once, and only from the server that is configured:
 * when that connection ends, the configured one is asked again.
 */
export function nextServer(client: Client, configured: Target): Target {
  const versions = client.versions;
  if (!versions) return configured;
  const reference = versions.reference.split(" ")[0]!;
  versions.reference = "";
  versions.followed = 0;
  const port = /:\d+$/.test(reference) ? "" : ":" + configured.port;
  const url = parseUrl("ws://" + reference + port + "/");
  if (!reference || typeof url === "string") return configured;
  versions.followed = 1;
  url.path = configured.path;
  url.tls = configured.tls;
  if (configured.psk) url.psk = configured.psk;
  url.headers = configured.headers;
  return url;
}
