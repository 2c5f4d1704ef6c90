// Opens the access point: looks for networks first, because a C3 cannot do both, and then serves the page.

import type { Board, Bytes, Found } from "../../../board";
import type { Profile } from "../../../link/profile";
import { ERROR, INFO, type Log, say, WARNING } from "../../../log";
import type { SetupConfig } from "../../config-file";
import type { DeviceWorld } from "../record";
import { answerName } from "./names";
import { ADDRESS, DNS_PORT, HTTP_PORT, SCAN_DEADLINE_S, type Setup, TOKEN_PIECES } from "./record";
import { accept, heard } from "./serve";

/** What a setup is made of. */
export interface Opening {
  board: Board;
  log: Log;
  world: DeviceWorld;
  profile: Profile;
  config: SetupConfig;
  /** Name of the network. */
  name: Bytes;
  why: Bytes;
  leave(): void;
  /** Called when the access point is closed. */
  closed(): void;
}

/** Opens it, for `setup.forS`. */
export function openSetup(opening: Opening): void {
  const { board, log, world, profile, config, name, why, leave } = opening;
  const setup: Setup = {
    board,
    log,
    world,
    profile,
    why,
    name,
    password: config.password,
    forS: config.forS,
    endsMs: board.uptime() + config.forS * 1000,
    looking: 1,
    found: [],
    token: tokenOf(board),
    guests: 0,
    over: 0,
    leave,
  };
  const kind = setup.password ? "WPA2" : "OPEN, others nearby can read what is sent";
  const words = "the access point " + name + " opens for " + setup.forS + " s, " + kind + ": ";
  say(log, setup.password ? INFO : WARNING, "setup", words + why);
  lookAround(setup, function () {
    world.chip.openAir(name, setup.password, function (error) {
      if (error) say(log, ERROR, "setup", "no access point: " + error);
      else serve(setup, opening);
    });
  });
}

/** Numbers that another page cannot know. */
function tokenOf(board: Board): Bytes {
  let token = "";
  board.seed();
  for (let i = 0; i < TOKEN_PIECES; i++) token += ((board.chance() * 0x1000000) | 0).toString(16);
  return token;
}

/** Looks for networks, and calls `next` once, with or without an answer. */
function lookAround(setup: Setup, next: () => void): void {
  const chip = setup.world.chip;
  chip.leaveAir();
  chip.after(SCAN_DEADLINE_S * 1000, function () {
    if (setup.looking) say(setup.log, WARNING, "setup", "no answer to the search for networks");
    looked(setup, [], next);
  });
  try {
    chip.scanAir(function (found) {
      looked(setup, found, next);
    });
  } catch (error) {
    say(setup.log, WARNING, "setup", "networks cannot be searched: " + error);
    looked(setup, [], next);
  }
}

/** The search has ended. An answer that comes too late is ignored. */
function looked(setup: Setup, found: Found[], next: () => void): void {
  if (!setup.looking) return;
  setup.looking = 0;
  found.sort(function (a, b) {
    return b.rssi - a.rssi;
  });
  setup.found = found;
  next();
}

/** Serves the page, and ends that when the time is over. */
function serve(setup: Setup, opening: Opening): void {
  const { chip } = setup.world;
  let page: unknown;
  let names: unknown;
  try {
    page = chip.listenTcp(
      HTTP_PORT,
      function (peer) {
        return accept(setup, peer);
      },
      function (guest, bytes) {
        heard(guest, bytes);
      },
    );
  } catch (error) {
    say(setup.log, ERROR, "setup", "the page cannot be served: " + error);
  }
  try {
    names = chip.answerUdp(DNS_PORT, function (datagram) {
      return answerName(datagram);
    });
  } catch (error) {
    say(setup.log, WARNING, "setup", "phones do not open the page by themselves: " + error);
  }
  say(setup.log, INFO, "setup", "open: join " + setup.name + ", then http://" + ADDRESS + "/");
  chip.after(setup.endsMs - setup.board.uptime(), function () {
    // A configuration was taken: the restart comes.
    if (setup.over) return;
    setup.over = 1;
    if (page) chip.deafen(page);
    if (names) chip.deafenUdp(names);
    chip.closeAir();
    say(setup.log, INFO, "setup", "the access point is closed");
    opening.closed();
  });
}
