// How a server accepts a WebSocket (RFC 6455 4.2.2), for servers that talk to a whole board.
import { createHash } from "node:crypto";
import { reply } from "../ws/server.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The Sec-WebSocket-Accept that belongs to the key of a request. */
function acceptOf(request: string): string {
  const key = /^Sec-WebSocket-Key: (\S*)/m.exec(request)?.[1];
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

/** The reply that accepts an upgrade request, or one with another accept hash. */
export function upgrade(request: string, accept = acceptOf(request)): string {
  return reply([
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    "Sec-WebSocket-Protocol: mqtt",
  ]);
}
