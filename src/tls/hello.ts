// ClientHello and ServerHello (RFC 5246 7.4.1.2, 7.4.1.3): what is offered, and what of it the server must take. All of it:
// nothing weaker is ever agreed on.

import type { Bytes } from "../board";
import { chars, readU16, u16 } from "../mqtt/bytes";
import {
  DECODE_ERROR,
  HANDSHAKE_FAILURE,
  ILLEGAL_PARAMETER,
  PROTOCOL_VERSION,
  refuse,
  UNSUPPORTED_EXTENSION,
} from "./alerts";
import { type Tls, WAIT_HINT } from "./state";

/** TLS 1.2 */
const VERSION = "\x03\x03";
/** TLS_PSK_WITH_AES_128_CBC_SHA256 (RFC 5487 3.2). */
const SUITE = 0xae;
/** Not a suite: says that renegotiation is secure, because there is none (RFC 5746 3.3). */
const SIGNAL = "\0\xff";
/** Extensions (RFC 6066 3, 4, RFC 7366 2, RFC 7627 5.1, RFC 5746 3.2). */
const SERVER_NAME = 0;
const MAX_FRAGMENT_LENGTH = 1;
const ENCRYPT_THEN_MAC = 22;
const EXTENDED_MASTER_SECRET = 23;
const RENEGOTIATION_INFO = 0xff01;
/** 2^10 bytes, see MAX_FRAGMENT. */
const FRAGMENT_OF_1024 = 2;
/** Length of the fields up to the session's id. */
const FIXED = 35;

/** The body of ClientHello. `name` is that of the server for SNI, "" for none. */
export function clientHello(random: Bytes, name: Bytes): Bytes {
  const extensions =
    u16(ENCRYPT_THEN_MAC) +
    u16(0) +
    u16(EXTENDED_MASTER_SECRET) +
    u16(0) +
    u16(MAX_FRAGMENT_LENGTH) +
    u16(1) +
    chars(FRAGMENT_OF_1024) +
    (name && u16(SERVER_NAME) + u16(name.length + 5) + u16(name.length + 3) + "\0" + u16(name.length) + name);
  // No session to resume; no compression but "null".
  const offer = "\0" + u16(4) + u16(SUITE) + SIGNAL + chars(1, 0);
  return VERSION + random + offer + u16(extensions.length) + extensions;
}

/** The name to ask for (RFC 6066 3): no address, and no dot at the end. */
export function nameToAsk(host: Bytes): Bytes {
  if (host.indexOf(":") >= 0 || /^[0-9.]+$/.test(host)) return "";
  return host.charAt(host.length - 1) === "." ? host.substr(0, host.length - 1) : host;
}

/** What the server has chosen. */
export function onServerHello(tls: Tls, body: Bytes): void {
  const at = FIXED + body.charCodeAt(FIXED - 1);
  if (!(body.length >= at + 3) || body.charCodeAt(FIXED - 1) > 32)
    return refuse(tls, DECODE_ERROR, "a ServerHello that is too short");
  if (body.substr(0, 2) !== VERSION)
    return refuse(
      tls,
      PROTOCOL_VERSION,
      "the server chose version " +
        body.charCodeAt(0) +
        "." +
        body.charCodeAt(1) +
        ", expected 3.3, which is TLS 1.2: allow that one there",
    );
  const suite = readU16(body, at);
  if (suite !== SUITE)
    return refuse(
      tls,
      ILLEGAL_PARAMETER,
      "the server chose cipher suite 0x" +
        suite.toString(16) +
        ", only PSK-AES128-CBC-SHA256 (0xae) was offered: set that one there",
    );
  if (body.charCodeAt(at + 2))
    return refuse(tls, ILLEGAL_PARAMETER, "the server chose compression: switch it off there");
  const agreed = extensionsOf(tls, body.substr(at + 3));
  if (agreed < 0) return;
  if (!(agreed & 1))
    return refuse(
      tls,
      HANDSHAKE_FAILURE,
      "the server has no encrypt-then-MAC (RFC 7366): switch it on there, with OpenSSL by a newer one than 1.0",
    );
  if (!(agreed & 2))
    return refuse(
      tls,
      HANDSHAKE_FAILURE,
      "the server has no extended master secret (RFC 7627): switch it on there, with OpenSSL by a newer one than 1.0",
    );
  tls.serverRandom = body.substr(2, 32);
  tls.state = WAIT_HINT;
}

/** Reads the extensions. Returns 1 for encrypt-then-MAC, 2 for the extended master secret, their sum; -1 when refused. */
function extensionsOf(tls: Tls, bytes: Bytes): number {
  let seen = 0;
  let at = 2;
  if (bytes && readU16(bytes, 0) !== bytes.length - 2) return malformed(tls);
  while (at < bytes.length) {
    const type = readU16(bytes, at);
    const value = bytes.substr(at + 4, readU16(bytes, at + 2) || 0);
    const bit =
      type === ENCRYPT_THEN_MAC
        ? 1
        : type === EXTENDED_MASTER_SECRET
          ? 2
          : type === SERVER_NAME && tls.named
            ? 4
            : type === MAX_FRAGMENT_LENGTH
              ? 8
              : type === RENEGOTIATION_INFO
                ? 16
                : 0;
    const right = bit === 8 ? chars(FRAGMENT_OF_1024) : bit === 16 ? "\0" : "";
    // A length that reaches beyond the end is NaN or leaves fewer bytes than it says. Each extension once (RFC 5246 7.4.1.4).
    if (readU16(bytes, at + 2) !== value.length || seen & bit) return malformed(tls);
    if (!bit) {
      refuse(tls, UNSUPPORTED_EXTENSION, "the server uses extension " + type + ", which was not offered");
      return -1;
    }
    if (value !== right) {
      refuse(tls, ILLEGAL_PARAMETER, "the server answers extension " + type + " with another value");
      return -1;
    }
    seen |= bit;
    at += 4 + value.length;
  }
  return seen;
}

function malformed(tls: Tls): number {
  refuse(tls, DECODE_ERROR, "malformed extensions in ServerHello");
  return -1;
}
