// The server's answer to the upgrade request (RFC 6455 4.1, 4.2.2): is it a WebSocket for MQTT, and if not, why.
// Knows no socket. The board made the key, so the board compares the accept hash.

import type { Board, Bytes } from "../board";
import { pieces } from "../mqtt/bytes";
import { SUCCESS, UNSPECIFIED_ERROR, WRONG_SUBPROTOCOL } from "../mqtt/spec";

/** Longest reply, in bytes, up to the empty line that ends it, without what {@link relevant} drops. */
export const MAX_REPLY = 2048;
/** Most bytes of headers that do not matter, cookies for example: as much as a proxy takes by default. */
export const MAX_DROPPED = 8192;
/** The headers that matter. Where a redirect leads is only said: in a long reply it is dropped. */
const RELEVANT =
  ",upgrade,connection,sec-websocket-accept,sec-websocket-protocol,sec-websocket-extensions,retry-after,";
/** The end of a reply. */
export const END = "\r\n\r\n";

/** HTTP statuses that decide how long to wait (RFC 9110 15.5, 15.6). */
export const UNAUTHORIZED = 401;
export const FORBIDDEN = 403;
export const NOT_FOUND = 404;
/** From here to 504 (Gateway Timeout) a server says that another one, or it itself, cannot serve now. */
export const BAD_GATEWAY = 502;
export const GATEWAY_TIMEOUT = 504;
/** RFC 6585 4 */
export const TOO_MANY_REQUESTS = 429;
/** From here to 530 Cloudflare says that it cannot reach the server behind it, or not by TLS. */
export const ORIGIN_FAILS = 520;
export const ORIGIN_FAILS_LAST = 530;
/**
 * Most seconds that a server's Retry-After is obeyed (RFC 9110 10.2.3). Longer than that, the board would restart before it tries
 * again (`link.rebootAfterS`), or look dead.
 */
export const MAX_RETRY_AFTER_S = 600;

/** The result of a complete reply. */
export interface Verdict {
  /** SUCCESS when the WebSocket is open, else an HTTP status of 300..599, WRONG_SUBPROTOCOL, or UNSPECIFIED_ERROR. */
  reason: number;
  /** "" when it is open, else why not, in plain words. */
  why: Bytes;
  /** Least seconds until the next attempt, as the server asks for them, up to {@link MAX_RETRY_AFTER_S}; 0 = it asks for none. */
  wait: number;
}

/**
 * @param reply all bytes that have come
 * @param board knows whether its `Sec-WebSocket-Accept` is right, as far as it can tell
 * @returns undefined while bytes are missing
 */
export function checkReply(reply: Bytes, board: Pick<Board, "accepted">): Verdict | undefined {
  const head = pieces(reply, END)[0]!;
  const complete = head.length < reply.length;
  // A TLS record that is an alert (RFC 8446 5.1).
  if (reply[0] === "\x15")
    return broken("not a WebSocket server: TLS instead of HTTP in its reply, a wss:// port?");
  if (reply.substr(0, 7) !== "HTTP/1.".substr(0, reply.length))
    return broken("not a WebSocket server: no HTTP in its reply");
  if (head.length + (complete ? 4 : 0) > MAX_REPLY)
    return broken("not a WebSocket server: reply over 2048 bytes");
  if (!complete) return undefined;
  if (!/^101[ \r]/.test(reply.substr(9, 4))) return refusal(head);

  const connection = "," + headerOf(head, "connection").toLowerCase().replace(/ /g, "") + ",";
  const upgrade = headerOf(head, "upgrade");
  if (!isOnly(upgrade.toLowerCase(), "websocket"))
    return broken(
      "not a WebSocket server: " + (upgrade ? "Upgrade: " + upgrade : "no Upgrade") + " in its reply",
    );
  if (connection.split(",upgrade,").length < 2)
    return broken("not a WebSocket server: no Upgrade among the Connection options of its reply");
  if (!headerOf(head, "sec-websocket-accept") || board.accepted(reply) === false) {
    return broken("wrong Sec-WebSocket-Accept: a broken server or proxy");
  }
  if (headerOf(head, "sec-websocket-extensions"))
    return broken("server uses an extension that was not offered");
  const protocol = headerOf(head, "sec-websocket-protocol");
  if (isOnly(protocol, "mqtt")) return { reason: SUCCESS, why: "", wait: 0 };
  return {
    reason: WRONG_SUBPROTOCOL,
    why: protocol
      ? "wrong subprotocol " + protocol + ", need mqtt"
      : "no subprotocol mqtt: is this an MQTT broker?",
    wait: 0,
  };
}

/**
 * A reply of more than {@link MAX_REPLY} bytes without the headers that do not matter. Of one whose end is missing the name stays.
 */
export function relevant(reply: Bytes): Bytes {
  const head = pieces(reply, END)[0]!;
  const lines = pieces(head, "\r\n");
  const last = head.length < reply.length ? 0 : lines.length - 1;
  let left = lines[0]!;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const colon = line.indexOf(":");
    const name = line.substr(0, colon < 0 ? line.length : colon);
    if (pieces(RELEVANT, "," + name.toLowerCase() + ",").length > 1 || (i === last && colon < 0))
      left += "\r\n" + line;
    else if (i === last) left += "\r\n" + name + (line.charAt(line.length - 1) === "\r" ? ":\r" : ":");
  }
  return left + reply.substr(head.length);
}

/** A fault that may be gone at the next attempt. */
function broken(why: Bytes): Verdict {
  return { reason: UNSPECIFIED_ERROR, why, wait: 0 };
}

/** Value of a header, "" where there is none; several are joined by commas (RFC 9110 5.3). */
function headerOf(head: Bytes, name: Bytes): Bytes {
  const parts = pieces(head.toLowerCase(), "\r\n" + name + ":");
  let at = parts[0]!.length;
  let value = "";
  for (let i = 1; i < parts.length; i++) {
    at += name.length + 3;
    value += (i > 1 ? "," : "") + pieces(head.substr(at, parts[i]!.length), "\r\n")[0]!.trim();
    at += parts[i]!.length;
  }
  return value;
}

/** Whether a header has this value and no other. A proxy may send it twice. */
function isOnly(value: Bytes, only: Bytes): boolean {
  const values = value.split(",");
  for (let i = 0; i < values.length; i++) if (values[i]!.trim() !== only) return false;
  return true;
}

/** Whether an HTTP status says that the server works, and cannot serve now. */
export function isBusy(status: number): boolean {
  return (
    status === TOO_MANY_REQUESTS ||
    (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) ||
    (status >= ORIGIN_FAILS && status <= ORIGIN_FAILS_LAST)
  );
}

/** Whether an HTTP status names another place (RFC 9110 15.4). A redirect is not followed: the board's secrets stay with its server. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** A status other than 101, with what it usually means. */
function refusal(head: Bytes): Verdict {
  const status = parseInt(head.substr(9, 3), 10);
  const location = pieces(headerOf(head, "location"), "?")[0]!;
  const after = headerOf(head, "retry-after");
  let wait = 0;
  let why = pieces(head, "\r\n")[0]!;
  if (status === UNAUTHORIZED || status === FORBIDDEN) why += ": the server wants other credentials";
  else if (status === NOT_FOUND) why += ": check the path in mqtt.url";
  else if (isBusy(status)) why += ": the server is busy, or its broker is not there";
  else if (isRedirect(status))
    why += ": the broker moved" + (location && " to " + location) + ", update mqtt.url";
  else if (status === 400) why += ": the server did not like the upgrade request, or its port wants wss://";
  else if (status === 426) why += ": the server did not like the upgrade request";
  else if (status >= 200 && status < 300) why += ": a web server, but no WebSocket at this path";
  // A date (RFC 9110 5.6.7) is not obeyed: a board's clock may be wrong by decades.
  if (/^[0-9]+$/.test(after)) {
    why += ", it asks to wait " + after + " s";
    // The engine's parseInt of twenty digits is any number.
    wait = after.length < 6 ? parseInt(after, 10) : MAX_RETRY_AFTER_S + 1;
    if (wait > MAX_RETRY_AFTER_S) {
      wait = MAX_RETRY_AFTER_S;
      why += ", " + wait + " are obeyed";
    }
  } else if (after) why += ", its Retry-After has no seconds: not obeyed";
  // Numbers below 300 would be mistaken for Reason Codes. NaN, of a status that is not a number, fails both comparisons.
  return { reason: status >= 300 && status < 600 ? status : UNSPECIFIED_ERROR, why, wait };
}
