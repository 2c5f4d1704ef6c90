// Plain words for errors that the engine throws while it connects, for every transport.

import type { Bytes } from "../../src/board";

export function inWords(error: Bytes): Bytes {
  if (/locate host/.test(error)) return "host not found: check the name in mqtt.url";
  if (/odule "tls" not found/.test(error)) return "this Espruino has no TLS: take a build that has, or ws://";
  if (/parse_key|crt_parse/.test(error)) return "client.crt or client.key: not what TLS can read";
  if (/emory|-0x7f00|-0x4290|-0x4d80/.test(error))
    return error.substr(0, 3) === "too" ? error : "too little memory for TLS: " + error;
  if (!/mbedtls_/.test(error))
    return /create socket/.test(error) ? "connection refused or no way to the host" : error;
  // Numbers of mbedtls (ssl.h): an alert; a record that is not TLS; the end.
  if (/-0x7780/.test(error)) {
    return "TLS refused by the server: it may want another version than 1.2, other ciphers, its name, or client.crt";
  }
  if (/-0x7200/.test(error)) return "not a TLS port: is it the one of ws://?";
  if (/closed|-0x1$|-0x50|-0x7880/.test(error)) return "closed during the TLS handshake";
  return "TLS handshake failed: " + error;
}
