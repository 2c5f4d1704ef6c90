// `mqtt.tls` of config.json, and `tls` of the module's options: what a wss:// URL needs besides. It is judged with the URL.

import type { Bytes } from "../board";
import { checkConfig, type Report, TEXT } from "./check";
import type { TlsConfig } from "./config-file";
import { decodeKey, KEY_EXPECTED } from "./key";
import type { Url } from "./url";

/** Longest identity: what every server must take (RFC 4279 5.3). */
export const MAX_IDENTITY = 128;

/** A check of `tls` by itself, see Check in check.ts. */
export function checkTlsForm(value: unknown): Bytes {
  const object = typeof value === "object" && value !== null && !Array.isArray(value);
  return object || value === "" || value === "unverified"
    ? ""
    : '{"psk": {"identity": ..., "key": ...}}, "unverified", or nothing';
}

/** Whether `tls` says about a URL what has to be said. The URL gets the pre-shared key. Returns the number of mistakes. */
export function checkTls(report: Report, key: Bytes, value: unknown, url: Url): number {
  const given = typeof value === "object";
  const wrong =
    given && !url.tls
      ? "expected nothing with ws://: write wss:// in the URL, or take the key away"
      : url.tls && !value
        ? 'expected {"psk": {"identity": ..., "key": ...}} with wss://, or "unverified", because Espruino encrypts without checking who the server is'
        : "";
  if (wrong) report(key, wrong);
  return wrong ? 1 : given ? checkPsk(report, key, value as TlsConfig, url) : 0;
}

function checkPsk(report: Report, key: Bytes, tls: TlsConfig, url: Url): number {
  const rules = {
    psk: {
      identity: [TEXT, 1, MAX_IDENTITY],
      key: [(text: unknown) => (typeof text === "string" && decodeKey(text) ? "" : KEY_EXPECTED), 0, 0],
    },
  };
  const mistakes = checkConfig(report, rules as never, tls, key);
  if (mistakes) return mistakes;
  tls.psk.key = decodeKey(tls.psk.key)!;
  url.psk = tls.psk;
  return 0;
}
