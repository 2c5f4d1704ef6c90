// The answerer for DNS (RFC 1035): every name has the board's own address. So a phone finds its probe answered by the board,
// and opens the page by itself.

import type { Bytes } from "../../../board";
import { chars, readU16, u16 } from "../../../mqtt/bytes";

/** Bytes of a message's header (4.1.1), and most bytes of a query that is answered (2.3.4). */
const HEADER = 12;
const MAX_QUERY = 512;
/** Longest label (2.3.4); above it, the length means something else. */
const MAX_LABEL = 63;
/** Type A and class IN (3.2.2, 3.2.4). */
const TYPE_A = 1;
const CLASS_IN = 1;
/** Seconds that the answer may be kept (3.2.1): the phone is to forget it when it is in another network. */
const TTL_S = 1;

/** The answer to a query, "" where the bytes are no query with one question. */
export function answerName(query: Bytes): Bytes {
  const size = query.length;
  if (size > MAX_QUERY || size < HEADER + 5) return "";
  const flags = readU16(query, 2);
  // A response, another kind of query, or not one question (4.1.1).
  if (flags & 0xf800 || readU16(query, 4) !== 1) return "";
  let at = HEADER;
  let length = query.charCodeAt(at);
  while (length) {
    at += length + 1;
    if (length > MAX_LABEL || at >= size) return "";
    length = query.charCodeAt(at);
  }
  const end = at + 5;
  if (end > size) return "";
  const known = readU16(query, at + 1) === TYPE_A && readU16(query, at + 3) === CLASS_IN;
  // QR, AA, and the query's RD. Other types exist for no name: an answer without records.
  const head =
    query.substr(0, 2) + u16(0x8400 | (flags & 0x100)) + u16(1) + u16(known ? 1 : 0) + u16(0) + u16(0);
  const question = query.substr(HEADER, end - HEADER);
  if (!known) return head + question;
  // The name is that of the question (4.1.4).
  const record = u16(0xc000 | HEADER) + u16(TYPE_A) + u16(CLASS_IN) + u16(0) + u16(TTL_S) + u16(4);
  return head + question + record + chars(192, 168, 4, 1);
}
