// The `Host` header of the upgrade request: made when it is sent, so that the connection keeps no text for it.

import type { Bytes, Target } from "../../src/board";

/** Value of the `Host` header (RFC 6455 4.1): the host, an IPv6 address in brackets, and the port where it is not the default one. */
export function authorityOf(target: Target): Bytes {
  const host = target.host;
  const port = target.port === (target.tls ? 443 : 80) ? "" : ":" + target.port;
  return (host.indexOf(":") < 0 ? host : "[" + host + "]") + port;
}
