// The secrets of config.json over MQTT: config-get shows stars in their place, and stars that come back with config-set
// mean "unchanged". Stars that stand for nothing are a mistake: taken as a value they would lock the device out.
//
// Work lists instead of recursion: a configuration is up to six levels deep, and commands run with much of the stack in
// use (engine 19).

import type { Bytes } from "../../board";
import type { Report } from "../../config/check";
import { parseUrl, type Url } from "../../config/url";
import { fromJson, toJson } from "../../text";

export interface Tree {
  [key: Bytes]: unknown;
}

/** Stands for a secret. */
export const MASK = "***";
/** Names of secrets, wherever they stand. All of `headers` is secret, and the values of `userProperties`. */
const SECRETS = " password key keys psk secret token headers ";

/** Replaces all secrets below `path` by stars, in place. */
export function hide(root: Tree, path: Bytes): void {
  const rest = [{ tree: root, path }];
  while (rest.length) {
    const it = rest.pop()!;
    for (const name in it.tree) {
      const value = it.tree[name];
      const place = it.path + name;
      if (typeof value === "object" && value) rest.push({ tree: value as Tree, path: place + "." });
      else it.tree[name] = shown(place, value);
    }
  }
}

/**
 * Merges a change into a configuration, in place (RFC 7396): objects are merged, null removes, everything else replaces.
 * Stars become the secret that they stand for.
 */
export function merge(root: Tree, patch: Tree, report: Report): void {
  const rest: Merged[] = [{ tree: root, old: root, change: patch, path: "" }];
  while (rest.length) {
    const it = rest.pop()!;
    for (const name in it.change) {
      const value = it.change[name];
      // Not what the tree inherits: "on" and "__proto__" may come from outside (engine 7).
      const old = it.old.hasOwnProperty(name) ? it.old[name] : undefined;
      const path = it.path + name;
      if (value === null) delete it.tree[name];
      else if (isTree(value)) {
        const tree = isTree(old) && it.old === it.tree ? old : {};
        it.tree[name] = tree;
        rest.push({ tree, old: isTree(old) ? old : tree, change: value, path: path + "." });
      } else if (path === "mqtt.url") {
        const servers = meantServers(report, path, value, old, rest);
        it.tree[name] = Array.isArray(value) ? servers : servers[0];
      } else if (Array.isArray(value)) it.tree[name] = meantList(report, path, value, old);
      else it.tree[name] = meant(report, path, value, old);
    }
  }
}

/** An object that a change makes: `old` is what its stars stand for, and `tree` itself where it is merged. */
interface Merged {
  tree: Tree;
  old: Tree;
  change: Tree;
  path: Bytes;
}

/** One of the servers of `mqtt.url`: a single one is the first. */
export function serverAt(servers: unknown, place: number): unknown {
  return Array.isArray(servers) ? servers[place] : place ? undefined : servers;
}

/** The URL of one of them. */
export function urlOfServer(server: unknown): unknown {
  return isTree(server) ? server["url"] : server;
}

/** The servers of a change: stars mean what stands at the same place. */
function meantServers(report: Report, path: Bytes, value: unknown, old: unknown, rest: Merged[]): unknown[] {
  const list = Array.isArray(value) ? value : [value];
  const meantOnes: unknown[] = [];
  for (let i = 0; i < list.length; i++) {
    const before = serverAt(old, i);
    const place = list === value ? path + "[" + i + "]" : path;
    if (isTree(list[i])) {
      const tree: Tree = {};
      const present = isTree(before) ? before : { url: before };
      rest.push({ tree, old: present, change: list[i] as Tree, path: place + "." });
      meantOnes[i] = tree;
    } else meantOnes[i] = meant(report, place, list[i], urlOfServer(before));
  }
  return meantOnes;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as config-get shows it. */
function shown(path: Bytes, value: unknown): unknown {
  // "url[0]" is "url.0".
  const names = path.split("]").join("").split("[").join(".").split(".");
  const last = names[names.length - 1]!;
  while (names.length > 1 && /^[0-9]+$/.test(names[names.length - 1]!)) names.pop();
  const name = names.pop()!;
  if (name === "url" && typeof value === "string") return shownUrl(value);
  const secret =
    SECRETS.split(" " + name + " ").length > 1 ||
    names.pop() === "headers" ||
    (name === "userProperties" && last === "1");
  return secret && value !== "" ? MASK : value;
}

/** A URL with stars for its credentials and for its query. */
function shownUrl(text: Bytes): Bytes {
  const url = parseUrl(text);
  if (typeof url === "string") return MASK;
  return (
    (url.user === undefined ? url.shown : put(url.shown, schemeOf(url), 0, MASK + "@")) +
    (url.path.indexOf("?") < 0 ? "" : "?" + MASK)
  );
}

/** Bytes of `ws://` or `wss://`. */
function schemeOf(url: Url): number {
  return url.tls ? 6 : 5;
}

/** A text with `piece` in place of `length` bytes. */
function put(text: Bytes, at: number, length: number, piece: Bytes): Bytes {
  return text.substr(0, at) + piece + text.substr(at + length);
}

/** A value of a change, where `old` is the present one. */
function meant(report: Report, path: Bytes, value: unknown, old: unknown): unknown {
  if (old !== undefined && value === shown(path, old)) return old;
  const name = path.split(".").pop()!.split("[")[0];
  if (typeof value !== "string" || value.split(MASK).length < 2) return value;
  if (name === "url") {
    const url = meantUrl(value, "" + old);
    if (url) return url;
    report(
      path,
      MASK + " stands for no secret of this server: expected user, password and query in full, * as %2A",
    );
  } else if (value === MASK && shown(path, "?") === MASK)
    report(path, MASK + " stands for nothing there: expected the value itself");
  return value;
}

/**
 * A URL with the credentials and the query of the old one in place of stars; "" where they do not stand for any. Another
 * host, or one without TLS, does not get them: they can be set, but not read, and that server would read them.
 */
function meantUrl(text: Bytes, old: Bytes): Bytes {
  const from = parseUrl(old) as Url;
  const to = parseUrl(text) as Url;
  if (typeof from === "string" || typeof to === "string" || from.host !== to.host || from.tls > to.tls)
    return "";
  const parts = old.substr(schemeOf(from)).split("?");
  const credentials = parts[0]!.split("/")[0]!.split("@");
  const query = parts.slice(1).join("?");
  const at = schemeOf(to);
  if (credentials.length > 1 && text.substr(at, MASK.length + 1) === MASK + "@")
    text = put(text, at, MASK.length, credentials[0]!);
  const pieces = text.split("?");
  if (query && pieces[1] === MASK && pieces.length === 2) text = pieces[0] + "?" + query;
  return text.split(MASK).length > 1 ? "" : text;
}

/**
 * A list of a change. An item with stars is the old item that is shown so. Where several are, all of them have to come
 * back, in their order: which of them is missing cannot be known.
 */
function meantList(report: Report, path: Bytes, list: unknown[], old: unknown): unknown[] {
  const before = Array.isArray(old) ? old : [];
  // A copy, to be hidden.
  const veiled = fromJson(toJson(before)) as unknown[];
  const given: Bytes[] = [];
  hide(veiled as unknown as Tree, path + ".");
  for (let i = 0; i < list.length; i++) given.push(toJson(list[i]));
  for (let i = 0; i < list.length; i++) {
    if (given[i]!.split(MASK).length < 2) continue;
    const same: unknown[] = [];
    let count = 0;
    let nth = 0;
    for (let n = 0; n < before.length; n++) if (toJson(veiled[n]) === given[i]) same.push(before[n]);
    for (let n = 0; n < list.length; n++)
      if (given[n] === given[i]) {
        if (n < i) nth++;
        count++;
      }
    if (count === same.length) list[i] = same[nth];
    else report(path + "." + i, MASK + " stands for nothing there: expected the value itself");
  }
  return list;
}
