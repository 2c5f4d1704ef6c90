// Light boards: the firmware's own sources on boards that are as light as they can be.
import type { Target } from "../../../src/board";
import { boot } from "../../../src/link/power-on";
import type { Profile } from "../../../src/link/profile";
import { fleet as app, QUIET_FILE } from "../app.ts";
import { configOf } from "./config.ts";
import { addressOf, type Fleet, idOf, losesWifi, type Part, startOver } from "./fleet.ts";
import { LightBoard } from "./light-board.ts";
import { Wheel } from "./wheel.ts";
import { witness } from "./wire.ts";

export async function lightFleet(part: Part): Promise<Fleet> {
  const profile: Profile =
    part.version === 5
      ? (await import("../../../src/profile/v5")).v5
      : (await import("../../../src/profile/full")).full;
  const wheel = new Wheel();
  const boards: LightBoard[] = [];
  const each = (call: (board: LightBoard, n: number) => void) =>
    boards.forEach((board, i) => {
      call(board, part.from + i);
    });
  const fleet: Fleet = {
    door: 0,
    start: (overS) => startOver(boards, overS, (board) => boot(board, app, profile)),
    cut: () => each((board) => board.cut()),
    wifi: (on) =>
      each((board, n) => {
        if (losesWifi(n)) on ? board.findAir() : board.loseAir();
      }),
    quiet: (on) => each((board) => board.writeFile(QUIET_FILE, on ? "1" : "")),
    stop() {
      each((board) => board.off());
      wheel.stop();
    },
  };
  for (let n = part.from; n < part.to; n++) {
    const board: LightBoard = new LightBoard({
      serial: idOf(n),
      files: { "config.json": configOf(part, n) },
      wheel,
      witness: witness((qos, number) => part.ledger.wire(n, qos, number)),
      print: (line) => part.ledger.hear(n, line),
      dial(_: Target) {
        part.ledger.attempt(n);
        return { port: fleet.door, from: addressOf(n) };
      },
      restart: () => boot(board, app, profile),
    });
    boards.push(board);
  }
  return fleet;
}
