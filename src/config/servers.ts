// mqtt.url as a list: several servers, of which one at a time is connected. Each is judged as a single URL is.

import { checkConfig, type Report, URL } from "./check";
import type { MqttConfig, ServerConfig } from "./config-file";
import { checkTls, checkTlsForm } from "./tls-key";
import { MAX_URL, parseUrl, type Url } from "./url";

/** Most servers in the list. */
export const MAX_SERVERS = 4;

/** Links several servers by `next`, the last one with the first. @returns the first */
export function ringOf(urls: Url[]): Url {
  for (let i = 0; urls.length > 1 && i < urls.length; i++) urls[i]!.next = urls[(i + 1) % urls.length]!;
  return urls[0]!;
}

/** @returns the first URL, linked with the others by `next` in a ring; undefined after a mistake */
export function readServers(report: Report, mqtt: MqttConfig): Url | undefined {
  const list = mqtt.url as (string | ServerConfig)[];
  const urls: Url[] = [];
  let encrypted = 0;
  if (!list.length || list.length > MAX_SERVERS)
    return report("mqtt.url", "expected a text, or a list of 1.." + MAX_SERVERS + " servers") as undefined;
  for (let i = 0; i < list.length; i++) {
    const url = readServer(report, mqtt, list[i]!, "mqtt.url[" + i + "]");
    if (!url) continue;
    if (url.tls) encrypted = 1;
    urls.push(url);
  }
  // A mistake in one of them is told.
  if (urls.length < list.length) return undefined;
  return !encrypted && checkTls(report, "mqtt.tls", mqtt.tls, urls[0]!) ? undefined : ringOf(urls);
}

/** One entry of the list; undefined after a mistake. */
function readServer(
  report: Report,
  mqtt: MqttConfig,
  given: string | ServerConfig,
  key: string,
): Url | undefined {
  const object = typeof given === "object" && given && !Array.isArray(given);
  const entry = (object ? given : { url: given }) as ServerConfig;
  const rules = {
    // A list in the list.
    url: Array.isArray(entry.url) ? [() => "a text", 0, 0] : [URL, 1, MAX_URL],
    tls: [(value: unknown) => (value === undefined ? "" : checkTlsForm(value)), 0, 0, undefined],
  };
  const wrong = checkConfig(
    function (name, expected) {
      report(object ? name : key, expected);
    },
    rules as never,
    entry,
    key,
  );
  if (wrong) return undefined;
  const url = parseUrl(entry.url) as Url;
  return readTls(report, key, mqtt, entry, url) ? undefined : url;
}

/** `tls` of the entry, or `mqtt.tls` for a wss:// URL without its own. Returns the number of mistakes. */
function readTls(report: Report, key: string, mqtt: MqttConfig, entry: ServerConfig, url: Url): number {
  if (entry.tls !== undefined) return checkTls(report, key + ".tls", entry.tls, url);
  if (!url.tls) return 0;
  const usual = mqtt.tls;
  if (typeof usual !== "object") return checkTls(report, key + ".tls", usual, url);
  // A copy: judging decodes the key, and the next entry needs it as it was.
  const psk = usual.psk;
  const copy = typeof psk === "object" && psk ? { psk: { identity: psk.identity, key: psk.key } } : usual;
  return checkTls(report, "mqtt.tls", copy, url);
}
