// The serial log: one line a call, `<hex ms since boot> <level> <module> <text>`. Knows nothing of what it prints.

import type { Bytes } from "./board";

export const ERROR = 1;
export const INFO = 2;
export const DEBUG = 3;
/** Also every byte on the wire, in hex. */
export const WIRE = 4;

/** Longest text of a line, in bytes: what a peer sends must not keep the serial port busy for seconds. */
export const MAX_LINE = 240;

export interface Log {
  /** 0 none, else lines up to this level are printed. */
  level: number;
  print(line: Bytes): void;
  uptime(): number;
  /** Puts stars for secrets into bytes that a peer sent, before they are dumped. */
  hide?(bytes: Bytes): Bytes;
}

/**
 * Prints a line if its level is wanted. Control characters, C0 and C1, become dots: a peer's text never steers a
 * terminal.
 */
export function say(log: Log, level: number, module: Bytes, text: Bytes): void {
  if (level > log.level) return;
  if (text.length > MAX_LINE) text = text.substr(0, MAX_LINE) + "...";
  log.print(
    log.uptime().toString(16) +
      " " +
      level +
      " " +
      module +
      " " +
      text.replace(/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]/g, "."),
  );
}

/** Prints bytes in hex, 16 a line, behind `>` (sent) or `<` (received), at level {@link WIRE}. */
export function dump(log: Log, direction: Bytes, bytes: Bytes): void {
  if (log.level < WIRE) return;
  if (log.hide && direction === "<") bytes = log.hide(bytes);
  for (let at = 0; at < bytes.length; at += 16) {
    let line = direction;
    for (let i = at; i < at + 16 && i < bytes.length; i++) {
      line += (bytes.charCodeAt(i) < 16 ? " 0" : " ") + bytes.charCodeAt(i).toString(16);
    }
    say(log, WIRE, "wire", line);
  }
}
