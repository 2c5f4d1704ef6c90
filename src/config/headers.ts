// mqtt.headers of config.json: further headers of the upgrade request (RFC 6455 4.1, item 12). Their values may be
// secrets: nothing here repeats one.

import type { Bytes } from "../board";

/** Most headers, and most bytes of each name and value (the request waits in memory as a whole). */
export const MAX_HEADERS = 8;
export const MAX_HEADER_NAME = 64;
export const MAX_HEADER_VALUE = 1024;

const OURS = " host upgrade connection content-length transfer-encoding ";

/** A check of mqtt.headers, see Check in check.ts. */
export function checkHeaders(value: unknown): Bytes {
  if (value === undefined) return "";
  const headers = value as { [name: Bytes]: unknown };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return 'an object {"name": "value"}';
  let count = 0;
  for (const name in headers) {
    const text = headers[name];
    const lower = name.toLowerCase();
    // A part of what a token may be (RFC 9110 5.6.2): enough for names.
    if (!name || name.length > MAX_HEADER_NAME || /[^0-9A-Za-z_-]/.test(name))
      return "names of 1..64 letters, digits, - and _";
    // These would be sent twice.
    if (OURS.split(" " + lower + " ").length > 1 || lower.substr(0, 14) === "sec-websocket-")
      return "no header that the handshake itself sends: Host, Upgrade, Connection, Sec-WebSocket-...";
    if (typeof text !== "string" || text.length > MAX_HEADER_VALUE || /[^\t -~]/.test(text))
      return "values of 0..1024 printable ASCII characters, without line ends";
    count++;
  }
  return count > MAX_HEADERS ? "8 headers at most" : "";
}

/** A check of mqtt.mask, see Check in check.ts. */
export function checkMask(value: unknown): Bytes {
  return value === "random" || value === "zero" ? "" : '"random" or "zero"';
}
