// A request of HTTP/1.1 (RFC 9112), as much of it as one page with one form needs, and a form's text taken apart.

import type { Bytes } from "../../../board";
import { decode } from "../../../config/url";
import { pieces } from "../../../mqtt/bytes";
import { MAX_REQUEST } from "./record";

/** The end of the header (RFC 9112 2.1). */
const BLANK_LINE = "\r\n\r\n";

export interface Request {
  method: Bytes;
  path: Bytes;
  /** The host without its port, in small letters. */
  host: Bytes;
  body: Bytes;
}

/** A request whose bytes have come; undefined while some are missing, or a status line that refuses it. */
export function parseRequest(text: Bytes): Request | Bytes | undefined {
  const head = pieces(text, BLANK_LINE)[0]!;
  const lines = head.split("\r");
  if (head.length === text.length) return text.length > MAX_REQUEST ? "413 Content Too Large" : undefined;
  const first = lines[0]!.split(" ");
  if (first.length !== 3 || first[2]!.substr(0, 7) !== "HTTP/1.") return "400 Bad Request";
  let host = "";
  let length = 0;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!.substr(1);
    const colon = line.indexOf(":");
    const name = line.substr(0, colon).toLowerCase();
    const value = line.substr(colon + 1).trim();
    if (name === "host") host = value.split(":")[0]!.toLowerCase();
    else if (name === "transfer-encoding") return "411 Length Required";
    else if (name === "content-length") {
      if (!/^[0-9]+$/.test(value) || value.length > 9) return "400 Bad Request";
      length = parseInt(value, 10);
    }
  }
  const from = head.length + BLANK_LINE.length;
  if (from + length > MAX_REQUEST) return "413 Content Too Large";
  if (text.length < from + length) return undefined;
  return { method: first[0]!, path: first[1]!, host, body: text.substr(from, length) };
}

/** The value of a field of a form (application/x-www-form-urlencoded) as bytes, "" where it is missing or no such text. */
export function fieldIn(body: Bytes, name: Bytes): Bytes {
  const pairs = body.split("&");
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i]!;
    if (pair.substr(0, name.length + 1) === name + "=")
      return decode(pair.substr(name.length + 1).replace(/\+/g, " ")) || "";
  }
  return "";
}
