// The last resort: the board restarts, and the reason survives in Storage. Reasons are a link that stays down too long,
// and an engine that lost a handler or an interval because its memory ran out (engine 30).

import type { Bytes } from "../board";
import { RESTART_FILE } from "../config/files";
import { ERROR, MAX_LINE, say } from "../log";
import { ENGINE_FAULT } from "../mqtt/spec";
import { fall, off } from "./ladder";
import { DOWN, FAULT_WITHIN_S, LEAVING, type Link, OFF, UP } from "./rungs";

/** Restarts the board. The next boot logs the reason. */
export function restart(link: Link, why: Bytes): void {
  const board = link.board;
  why = why.substr(0, MAX_LINE);
  // Flash wears: the same text is not written again.
  const unkept = board.readFile(RESTART_FILE) === why ? "" : board.writeFile(RESTART_FILE, why);
  say(link.log, ERROR, "link", "RESTARTING: " + why);
  if (unkept) say(link.log, ERROR, "link", "the reason is lost with the restart: " + unkept);
  if (link.saver) link.saver.keep(link);
  link.state = OFF;
  board.tick();
  board.restart();
}

/** Restarts the board if the link has been down for too long. Call it every second. */
export function checkProgress(link: Link): void {
  const limitS = link.restartAfterS;
  if (link.state === OFF || link.state === UP || !limitS) return;
  if (link.board.uptime() - link.lastUpMs >= limitS * 1000)
    restart(link, "not connected for " + limitS + " s: " + link.why);
}

/** The engine has lost a handler: this connection may be deaf, and a new one gets new handlers. Twice restarts the board. */
export function fault(link: Link, what: Bytes): void {
  const last = link.lastFaultMs;
  if (link.state === OFF) return;
  if (link.state === LEAVING) return off(link);
  link.lastFaultMs = link.board.uptime();
  const again = last && link.lastFaultMs - last < FAULT_WITHIN_S * 1000;
  // No connection to end: the lost handler may be the tick.
  if (link.state === DOWN) link.board.tick(link);
  fall(link, "the engine has lost something: " + what, ENGINE_FAULT);
  if (again) restart(link, "the engine has lost something twice: " + what);
}
