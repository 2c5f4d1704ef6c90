// When climbing again does not help: the board restarts, and the reason survives in Storage. And what to do when the
// engine has run out of memory: it removes the handler or the interval that was running, silently.

import type { Bytes } from "../board";
import { RESTART_FILE } from "../config/files";
import { ERROR, MAX_LINE, say } from "../log";
import { ENGINE_FAULT } from "../mqtt/spec";
import { fall, off } from "./ladder";
import { DOWN, FAULT_WITHIN_S, LEAVING, type Link, OFF, UP } from "./rungs";

/** Restarts the board, for a reason that the next boot can tell. */
export function restart(link: Link, why: Bytes): void {
  const board = link.board;
  why = why.substr(0, MAX_LINE);
  // Flash wears: what is there already is not written again.
  const unkept = board.readFile(RESTART_FILE) === why ? "" : board.writeFile(RESTART_FILE, why);
  say(link.log, ERROR, "link", "RESTARTING: " + why);
  if (unkept) say(link.log, ERROR, "link", "the reason is lost with the restart: " + unkept);
  if (link.saver) link.saver.keep(link);
  link.state = OFF;
  board.tick();
  board.restart();
}

/** Restarts the board if the link has not been UP for too long; to be called every second. */
export function checkProgress(link: Link): void {
  const limitS = link.config.link.rebootAfterS;
  if (link.state === OFF || link.state === UP || !limitS) return;
  if (link.board.uptime() - link.lastUpMs >= limitS * 1000)
    restart(link, "not connected for " + limitS + " s: " + link.why);
}

/** The engine has lost something: this connection may be deaf. A new one gets new handlers; twice is once too often. */
export function fault(link: Link, what: Bytes): void {
  const last = link.lastFaultMs;
  if (link.state === OFF) return;
  if (link.state === LEAVING) return off(link);
  link.lastFaultMs = link.board.uptime();
  const again = last && link.lastFaultMs - last < FAULT_WITHIN_S * 1000;
  // Waiting already: it may be the tick that is gone.
  if (link.state === DOWN) link.board.tick(link);
  fall(link, "the engine has lost something: " + what, ENGINE_FAULT);
  if (again) restart(link, "the engine has lost something twice: " + what);
}
