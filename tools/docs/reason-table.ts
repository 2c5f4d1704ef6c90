// The tables of reasons in docs/final-words.md: what the log says of each Reason Code and of each HTTP status, and how
// long the link waits then. The firmware's own functions are asked.

import { leastWait } from "../../src/link/back-off.ts";
import { BUSY_WAIT_S, REFUSED_WAIT_S } from "../../src/link/rungs.ts";
import { v5 } from "../../src/profile/v5.ts";
import { checkReply } from "../../src/ws/handshake.ts";
import { annotated } from "./annotated.ts";

/** Failures in MQTT 5 (2.4), and numbers of ours from 0x100 on. */
const CODES = Array.from({ length: 0x110 - 0x80 }, (_, i) => 0x80 + i);
const STATUSES = [
  "200 OK",
  "301 Moved Permanently",
  "400 Bad Request",
  "401 Unauthorized",
  "403 Forbidden",
  "404 Not Found",
  "426 Upgrade Required",
  "429 Too Many Requests",
  "500 Internal Server Error",
  "502 Bad Gateway",
  "503 Service Unavailable",
  "504 Gateway Timeout",
  "521 Web Server Is Down",
];

export function reasonTable(old: string): string {
  const known = CODES.filter((code) => !v5.words(code).endsWith(")"));
  return annotated(
    old,
    ["the log says", "class", "what to do"],
    known.map((code) => [`\`${v5.words(code)}\``, classOf(code)]),
  );
}

export function statusTable(old: string): string {
  const rows = STATUSES.map((status) => {
    const { reason, why } = checkReply(`HTTP/1.1 ${status}\r\n\r\n`, { accepted: () => false })!;
    return [`\`${why}\``, classOf(reason)];
  });
  return annotated(old, ["the log says", "class", "what to do"], rows);
}

function classOf(reason: number): string {
  const wait = leastWait(reason);
  return wait === REFUSED_WAIT_S ? "refused" : wait === BUSY_WAIT_S ? "busy" : "network";
}
