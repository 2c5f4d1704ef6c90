// Credentials that expire: for an application's App.renew (src/link/rungs.ts). Only in builds that import it.

import type { Bytes } from "../board";
import { parseUrl } from "../config/url";
import type { Link } from "./rungs";

/**
 * Uses another URL for all attempts from now on, as in `mqtt.url`: host, path, query, user name and password.
 * @returns "", or what is wrong with it, without quoting it; then the old URL stays
 */
export function takeUrl(link: Link, text: Bytes): Bytes {
  const url = parseUrl(text);
  const old = link.url;
  if (typeof url === "string") return url;
  // TLS stays as config.json says it.
  if (url.tls !== old.tls) return "must begin with " + (old.tls ? "wss" : "ws") + ":// as in config.json";
  old.host = url.host;
  old.port = url.port;
  old.path = url.path;
  old.shown = url.shown;
  link.login.user = old.user = url.user;
  link.login.password = old.password = url.password;
  return "";
}
