// MQTT.js' option `servers`: other hosts in place of the one in the URL. Everything else is the URL's.

import type { Bytes } from "../board";
import { MAX_SERVERS, ringOf } from "../config/servers";
import { parseUrl, type Url } from "../config/url";
import type { ConnectOptions } from "./mqtt-ws";

type Servers = NonNullable<ConnectOptions["servers"]>;

/** A check of the option, see Check in src/config/check.ts. */
export function checkHosts(value: unknown): Bytes {
  const list = value as Servers;
  let good = Array.isArray(value) && list.length > 0 && list.length <= MAX_SERVERS;
  for (let i = 0; good && i < list.length; i++)
    good = typeof list[i] === "object" && !!list[i] && typeof list[i]!.host === "string";
  return good ? "" : "1.." + MAX_SERVERS + " of { host: text, port: number }";
}

/**
 * @param url the URL of `connect`, ready to be used
 * @returns the first server, linked with the others by `next` in a ring; or what is wrong with one of them
 */
export function serversOf(url: Url, servers: Servers): Url | Bytes {
  const scheme = url.tls ? "wss" : "ws";
  const urls: Url[] = [];
  for (let i = 0; i < servers.length; i++) {
    const { host, port, protocol } = servers[i]!;
    if (protocol !== undefined && protocol !== scheme)
      return "servers[" + i + "].protocol: expected " + scheme + ", as in the URL";
    const name = host.split(":").length > 1 ? "[" + host + "]" : host;
    const it = parseUrl(scheme + "://" + name + (port === undefined ? "" : ":" + port) + "/");
    if (typeof it === "string") return "servers[" + i + "] " + it;
    it.path = url.path;
    it.user = url.user;
    it.password = url.password;
    if (url.psk) it.psk = url.psk;
    if (url.headers) it.headers = url.headers;
    it.shown += url.path.split("?")[0]!.substr(1);
    urls.push(it);
  }
  return ringOf(urls);
}
