// mqtt.url: ws://[user[:password]@]host[:port][/path][?query] (RFC 3986, RFC 6455 3), or wss. Knows no network.

import type { Bytes, Target } from "../board";
import { chars, pieces, wellFormed } from "../mqtt/bytes";

/** Longest URL, in bytes: one that a cloud has signed has 2 KB and more, with its security token. */
export const MAX_URL = 4096;

/** A WebSocket URL, taken apart. */
export interface Url extends Target {
  /** Percent-decoded; undefined when the URL has none. */
  user?: Bytes;
  password?: Bytes;
  /** The URL without credentials and query, for logs. */
  shown: Bytes;
  /** The next of several servers; the last one's is the first. */
  next?: Url;
  /** Milliseconds since boot until which one of several servers is left alone. */
  untilMs?: number;
}

/** @returns the URL taken apart, or what is wrong with it (which never quotes it: it may have secrets) */
export function parseUrl(url: Bytes): Url | Bytes {
  if (url.length > MAX_URL) return "has more than " + MAX_URL + " bytes";
  // A scheme has no case (RFC 3986 3.1).
  const scheme = url.substr(0, 6).toLowerCase();
  const tls = scheme === "wss://" ? 1 : 0;
  if (!tls && scheme.substr(0, 5) !== "ws://") return "must begin with ws:// or wss://";
  // Other bytes would go into the upgrade request as they are.
  if (/[^!-~]/.test(url)) return "has a space or another byte that must be percent-encoded";
  if (url.indexOf("#") >= 0) return "has a #, which no WebSocket URL may have: write %23";
  const rest = url.substr(tls ? 6 : 5);
  const query = rest.indexOf("?");
  let end = rest.indexOf("/");
  if (end < 0 || (query >= 0 && query < end)) end = query < 0 ? rest.length : query;
  const path = rest.substr(end);
  const parts = rest.substr(0, end).split("@");
  const pathOnly = path.split("?")[0]!;
  // A / or ? in a password that is not encoded would turn the rest of it into a path, and paths are logged. Behind a user or a
  // path, an @ in the query can only be the query's.
  if (
    parts.length > 2 ||
    pathOnly.indexOf("@") >= 0 ||
    (path.indexOf("@") >= 0 && parts.length < 2 && !pathOnly)
  )
    return "has an @ too many: write %40, and / as %2F, ? as %3F";
  const authority = parts[parts.length - 1]!;
  const target = parseAuthority(authority, tls);
  if (typeof target === "string") return target;
  target.path = (path.charAt(0) === "/" ? "" : "/") + path;
  target.shown = (tls ? "wss://" : "ws://") + authority + pathOnly;
  return (parts.length > 1 && parseUserInfo(target, parts[0]!)) || target;
}

/**
 * Whether a host is on the local network: private and link-local addresses
 * (RFC 1918, 3927, 4193, 4291), this machine, and names that no public DNS has (RFC 6761, 6762, 8375).
 */
export function isLocal(host: Bytes): boolean {
  const parts = host.toLowerCase().split(".");
  const last = parts[parts.length - 1]!;
  const first = parseInt(parts[0]!, 10);
  const second = parseInt(parts[1]!, 10);
  // Plain comparisons: regular expressions with alternatives in a group are wrong (engine 3).
  if (host.indexOf(":") >= 0) return /^f[cd]/i.test(host) || /^fe[89ab]/i.test(host) || host === "::1";
  if (/^[0-9]+$/.test(last)) {
    return (
      first === 10 ||
      first === 127 ||
      (first === 192 && second === 168) ||
      (first === 169 && second === 254) ||
      (first === 172 && second > 15 && second < 32)
    );
  }
  if (last === "arpa") return parts[parts.length - 2] === "home";
  return (
    parts.length < 2 || last === "local" || last === "lan" || last === "internal" || last === "localhost"
  );
}

/** Shortest secret that is hidden, in bytes: shorter ones occur in any text. */
export const MIN_SECRET = 3;
/** Shortest user name that may be a token. */
export const MIN_TOKEN = 8;

/**
 * Replaces secrets in a text that a server sent: values of the URL's query and headers, the password, and a user name
 * that may be a token.
 * @param keep 1 if the text must keep its length
 */
export function hideSecrets(url: Url, text: Bytes, keep = 0): Bytes {
  const secrets = url.path.split("?").slice(1).join("?").split("&");
  for (let i = 0; i < secrets.length; i++)
    secrets[i] = secrets[i]!.split("=").slice(1).join("=") || secrets[i]!;
  secrets.push(url.password || "");
  if (url.user && url.user.length >= MIN_TOKEN) secrets.push(url.user);
  // The last word of "Bearer abc".
  for (const name in url.headers) secrets.push(url.headers[name]!.split(" ").pop()!);
  for (let i = 0; i < secrets.length; i++) {
    const secret = secrets[i]!;
    if (secret.length >= MIN_SECRET)
      text = pieces(text, secret).join(keep ? secret.replace(/[^*]/g, "*") : "*");
  }
  return text;
}

/** host[:port], an IPv6 address in brackets. */
function parseAuthority(authority: Bytes, tls: number): Url | Bytes {
  const bracket = authority.charAt(0) === "[" ? authority.indexOf("]") : 0;
  const colon = authority.indexOf(":", bracket > 0 ? bracket : 0);
  const name = colon < 0 ? authority : authority.substr(0, colon);
  const port = colon < 0 ? (tls ? 443 : 80) : parseInt(authority.substr(colon + 1), 10);
  const host = bracket ? name.substr(1, bracket - 1) : name;
  if (
    !(bracket ? /^[0-9A-Fa-f:.]+$/ : /^[-._A-Za-z0-9]+$/).test(host) ||
    (bracket && bracket !== name.length - 1)
  ) {
    return "has no valid host name";
  }
  if (colon >= 0 && !/^[0-9]+$/.test(authority.substr(colon + 1))) return "has no valid port";
  if (port < 1 || port > 65535) return "has a port outside 1..65535";
  return {
    host,
    port,
    path: "",
    tls,
    shown: "",
  };
}

/** user[:password], percent-encoded. Returns "" or what is wrong. */
function parseUserInfo(url: Url, info: Bytes): Bytes {
  const colon = info.indexOf(":");
  url.user = decode(colon < 0 ? info : info.substr(0, colon));
  if (colon >= 0) url.password = decode(info.substr(colon + 1));
  if (url.user === undefined || (colon >= 0 && url.password === undefined))
    return "has a % without two hex digits";
  return wellFormed(url.user) ? "" : "has a user name that is not UTF-8";
}

/** Percent-decoding (RFC 3986 2.1) to bytes; undefined if it is ill-formed. */
export function decode(text: Bytes): Bytes | undefined {
  const parts = text.split("%");
  let bytes = parts[0]!;
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i]!;
    if (!/^[0-9A-Fa-f][0-9A-Fa-f]/.test(part)) return undefined;
    bytes += chars(parseInt(part.substr(0, 2), 16)) + part.substr(2);
  }
  return bytes;
}
