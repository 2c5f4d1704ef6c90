// The server's answer to the upgrade request (RFC 6455 4.1, 4.2.2): is it a WebSocket for MQTT, and if not, why.
// Knows no socket; the accept hash is compared by whoever made the key.

import type { Bytes } from "../board";

/** Longest reply, in bytes, up to the empty line that ends it. */
export const MAX_REPLY = 2048;
/** What ends a reply. */
export const END = "\r\n\r\n";

/**
 * @param reply all bytes that have come
 * @param accepted whether its `Sec-WebSocket-Accept` is right, as far as the board can tell
 * @returns undefined while bytes are missing, "" when the WebSocket is open, else why not, in plain words
 */
export function checkReply(reply: Bytes, accepted: (reply: Bytes) => boolean | undefined): Bytes | undefined {
  // Not indexOf: the engine's takes the beginning of what is looked for at the end of a string for the whole.
  const head = reply.split(END)[0]!;
  const complete = head.length < reply.length;
  if (reply.substr(0, 7) !== "HTTP/1.".substr(0, reply.length))
    return "not a WebSocket server: no HTTP in its reply";
  if (head.length + (complete ? 4 : 0) > MAX_REPLY) return "not a WebSocket server: reply over 2048 bytes";
  if (!complete) return undefined;
  if (!/^101[ \r]/.test(reply.substr(9, 4))) return refusal(head);

  /** Value of a header, "" where there is none; several are joined by commas (RFC 9110 5.3). */
  function header(name: Bytes): Bytes {
    const parts = head.toLowerCase().split("\r\n" + name + ":");
    let at = parts[0]!.length;
    let value = "";
    for (let i = 1; i < parts.length; i++) {
      at += name.length + 3;
      value += (i > 1 ? "," : "") + head.substr(at, parts[i]!.length).split("\r\n")[0]!.trim();
      at += parts[i]!.length;
    }
    return value;
  }
  const connection = "," + header("connection").toLowerCase().replace(/ /g, "") + ",";
  if (header("upgrade").toLowerCase() !== "websocket" || connection.split(",upgrade,").length < 2) {
    return "not a WebSocket server: no Upgrade in its reply";
  }
  if (!header("sec-websocket-accept") || accepted(reply) === false) {
    return "wrong Sec-WebSocket-Accept: a broken server or proxy";
  }
  if (header("sec-websocket-extensions")) return "server uses an extension that was not offered";
  const protocol = header("sec-websocket-protocol");
  if (protocol === "mqtt") return "";
  return protocol
    ? "wrong subprotocol " + protocol + ", need mqtt"
    : "no subprotocol mqtt: is this an MQTT broker?";
}

/** A status other than 101, with what it usually means. */
function refusal(head: Bytes): Bytes {
  const status = head.substr(9, 3);
  const line = head.split("\r\n")[0]!;
  if (status === "401" || status === "403") return line + ": the server wants other credentials";
  if (status === "404") return line + ": check the path in mqtt.url";
  if (status.charAt(0) === "3") return line + ": the broker moved, update mqtt.url";
  if (status === "400" || status === "426") return line + ": the server did not like the upgrade request";
  return line + (status.charAt(0) === "2" ? ": a web server, but no WebSocket at this path" : "");
}
