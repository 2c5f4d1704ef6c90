// Virtual boards that run the built bundle, as a chip would.

import type { Program } from "../../../board/virtual/program.ts";
import { connect } from "../../../board/virtual/tcp.ts";
import { VirtualBoard } from "../../../board/virtual/virtual-board.ts";
import { QUIET_FILE } from "../app.ts";
import { configOf } from "./config.ts";
import { type Fleet, losesWifi, type Part, startOver } from "./fleet.ts";
import { witness } from "./wire.ts";

/** How long a radio takes to join, in ms: at least, and a random part. */
const JOIN_MS = 1000;
const JOIN_SPREAD_MS = 1500;

/** The fleet with a program that was built once for all of its processes. */
export function bundledFleet(part: Part, code: Program): Fleet {
  const boards: VirtualBoard[] = [];
  const fleet: Fleet = {
    door: 0,
    start: (overS) => startOver(boards, overS, (board) => board.boot()),
    cut() {
      for (const board of boards) board.cut();
    },
    wifi(on) {
      boards.forEach((board, i) => {
        if (losesWifi(part.from + i)) on ? board.wifi.comeBack() : board.wifi.vanish();
      });
    },
    quiet(on) {
      for (const board of boards) {
        if (on) board.flash.set(QUIET_FILE, "1");
        else board.flash.delete(QUIET_FILE);
      }
    },
    stop() {
      for (const board of boards) board.off();
    },
  };
  for (let n = part.from; n < part.to; n++) {
    const board = new VirtualBoard({
      code,
      files: { "config.json": configOf(part, n) },
      serial: `a4cf1200-${n.toString(16).padStart(4, "0")}`,
      entropy: 1 + n,
      wifi: { joinMs: JOIN_MS + Math.random() * JOIN_SPREAD_MS },
      onRead: witness((qos, number) => part.ledger.wire(n, qos, number)),
      onLine(line) {
        part.ledger.hear(n, line);
        board.lines.length = 0;
      },
      dial(to, onActivity) {
        part.ledger.attempt(n);
        return connect({ ...to, host: "127.0.0.1", port: fleet.door }, onActivity);
      },
    });
    boards.push(board);
  }
  return fleet;
}
