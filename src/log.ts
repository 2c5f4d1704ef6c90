// The serial log: one line for each call, `<hex ms since boot> <level> <module> <text>`.

import type { Bytes } from "./board";

export const ERROR = 1;
/** At the level of {@link INFO}, with the word in front. */
export const WARNING = 1.5;
export const INFO = 2;
export const DEBUG = 3;
/** Also every byte on the wire, in hex. */
export const WIRE = 4;

/** Longest text of a line, in bytes. A longer text from a peer would keep the serial port busy for seconds. */
export const MAX_LINE = 240;

export interface Log {
  /** Lines up to this level are printed, {@link ERROR} to {@link WIRE}; 0 prints none. */
  level: number;
  print(line: Bytes): void;
  uptime(): number;
  /** Receives errors and warnings as they are printed, without the time: `<level> <module> <text>`. */
  note?(line: Bytes): void;
  /** Replaces secrets by stars in bytes that a peer sent. Called before they are dumped. */
  hide?(bytes: Bytes): Bytes;
}

/**
 * Prints a line if the log has its level, as `1` for ERROR, `2 ... warning:` for WARNING. Control characters (C0 and C1) become dots, so a peer's text cannot control
 * the terminal.
 */
export function say(log: Log, level: number, module: Bytes, text: Bytes): void {
  const shown = level === WARNING ? INFO : level;
  if (shown > log.level) return;
  if (text.length > MAX_LINE) text = text.substr(0, MAX_LINE) + "...";
  text = text.replace(/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]/g, ".");
  const line = shown + " " + module + (level === WARNING ? " warning: " : " ") + text;
  log.print(log.uptime().toString(16) + " " + line);
  if (log.note && level <= WARNING) log.note(line);
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
