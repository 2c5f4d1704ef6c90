// The server's answer to the upgrade request (RFC 6455 4.1, 4.2.2): is it a WebSocket for MQTT, and if not, why.
// Knows no socket; the accept hash is compared by whoever made the key.

import type { Bytes } from "../board";

/** Longest reply, in bytes, up to the empty line that ends it. */
export const MAX_REPLY = 2048;

/**
 * @param reply all bytes that have come
 * @param accepted whether `Sec-WebSocket-Accept` was right; asked when the reply is complete
 * @returns undefined while bytes are missing, "" when the WebSocket is open, else why not, in plain words
 */
export function checkReply(reply: Bytes, accepted: () => boolean): Bytes | undefined {
  const end = reply.indexOf("\r\n\r\n");
  if (reply.substr(0, 7) !== "HTTP/1.".substr(0, reply.length))
    return "not a WebSocket server: it does not answer in HTTP";
  if (end > MAX_REPLY || (end < 0 && reply.length > MAX_REPLY)) return "reply to the upgrade over 2048 bytes";
  if (end < 0) return undefined;
  if (reply.substr(9, 3) !== "101") return refusal(reply);

  /** Value of a header, "" where there is none; names are matched in any case. */
  function header(name: Bytes): Bytes {
    const at = reply.toLowerCase().indexOf("\r\n" + name + ":");
    const from = at + name.length + 3;
    return at < 0 || at > end ? "" : reply.substring(from, reply.indexOf("\r\n", from)).trim();
  }
  if (
    header("upgrade").toLowerCase() !== "websocket" ||
    header("connection").toLowerCase().indexOf("upgrade") < 0
  ) {
    return "not a WebSocket server: no Upgrade in its reply";
  }
  if (!accepted()) return "wrong Sec-WebSocket-Accept: a broken server or proxy";
  if (header("sec-websocket-extensions")) return "server uses an extension that was not offered";
  const protocol = header("sec-websocket-protocol");
  if (protocol === "mqtt") return "";
  return protocol
    ? "wrong subprotocol " + protocol + ", need mqtt"
    : "no subprotocol mqtt: is this an MQTT broker?";
}

/** A status other than 101, with what it usually means. */
function refusal(reply: Bytes): Bytes {
  const status = reply.substr(9, 3);
  const line = reply.substring(0, reply.indexOf("\r\n"));
  if (status === "401" || status === "403") return line + ": the server wants other credentials";
  if (status === "404") return line + ": check the path in mqtt.url";
  if (status.charAt(0) === "3") return line + ": the broker moved, update mqtt.url";
  if (status === "400" || status === "426") return line + ": the server did not like the upgrade request";
  return line + (status.charAt(0) === "2" ? ": a web server, but no WebSocket at this path" : "");
}
