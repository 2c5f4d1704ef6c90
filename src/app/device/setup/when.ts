// When a device opens its access point: no usable config.json, a pin that is held, or a Wi-Fi that cannot be joined.

import type { Board, Bytes } from "../../../board";
import { deadlineOf } from "../../../link/deadlines";
import { enter } from "../../../link/ladder";
import type { Profile } from "../../../link/profile";
import { DOWN, JOINING, type Link } from "../../../link/rungs";
import { configText } from "../../../link/trial";
import { INFO, type Log, say, WARNING } from "../../../log";
import { readRecord } from "../../../program/record";
import { fromJson } from "../../../text";
import type { AppsConfigFile, SetupConfig } from "../../config-file";
import { type Device, type DeviceWorld, MAX_NAME, ROLLED_BACK } from "../record";
import { openSetup } from "./open";
import { AFTER_SETUP_S } from "./record";
import { DEFAULT_AFTER_S, DEFAULT_FOR_S, LEAST_FOR_S, MOST_FOR_S, setupPassword } from "./rules";

/** Device.setupMs where the Wi-Fi was joined since boot. */
const JOINED = -1;

/** No usable config.json. What it has of `setup` counts. */
export function setUpWithout(board: Board, world: DeviceWorld, profile: Profile): void {
  const log: Log = { level: INFO, print: board.print, uptime: board.uptime };
  const record = readRecord(board);
  // A new program, or a configuration, that does not start is given up by the loader.
  if (record && record.trial && record.by !== "cable" && record.proven) return;
  const text = configText(board);
  const json = (fromJson(text || "{}") || {}) as Partial<AppsConfigFile>;
  const given = json.setup || ({} as Partial<SetupConfig>);
  const id = json.device && json.device.id;
  const forS = given.forS as number;
  board.watchdog(0);
  openSetup({
    board,
    log,
    world,
    profile,
    config: {
      afterS: 0,
      forS: forS >= LEAST_FOR_S && forS <= MOST_FOR_S ? forS : DEFAULT_FOR_S,
      pin: "",
      password: setupPassword(given.password) ? "" : given.password || "",
    },
    name: typeof id === "string" && id && id.length <= MAX_NAME ? id : nameOf(board),
    why: text === undefined ? "There is no configuration yet" : "The configuration has mistakes",
    leave() {},
    closed() {
      say(log, WARNING, "setup", "restart the board to open it again");
    },
  });
}

/** The name of a device that has none. */
function nameOf(board: Board): Bytes {
  return "esp32-" + board.serial().substr(0, MAX_NAME - 6);
}

/** At power-on, with a configuration: opens the access point first if `setup.pin` is held. */
export function setUpFirst(link: Link, config: AppsConfigFile): void {
  const setup = config.setup!;
  if (!setup.pin || !(link.own as Device).world.chip.pressed(setup.pin)) return;
  const record = readRecord(link.board);
  if (record && record.trial && record.by !== "cable")
    return say(
      link.log,
      WARNING,
      "setup",
      "the pin is held, and something is tried: hold it at the next start",
    );
  open(link, setup, config.device!.id, "The pin " + setup.pin + " was held");
}

/** An attempt has failed: opens the access point if the Wi-Fi could not be joined for long enough. */
export function setUpIfLost(link: Link): void {
  const device = link.own as Device;
  const closedMs = device.setupMs || 0;
  if (device.ups || closedMs === JOINED || link.trialLeft) return;
  if (link.why.substr(0, 7) !== "Wi-Fi: " && link.why !== deadlineOf(JOINING).late) {
    device.setupMs = JOINED;
    return;
  }
  const config = link.board.parseJson(configText(link.board) || "") as Partial<AppsConfigFile> | undefined;
  const setup = setupOf(config);
  const waitedS = ((link.board.uptime() - closedMs) / 1000) | 0;
  if (!setup.afterS) return;
  // After a configuration that was given up, its sender may stand there with a phone.
  const again = device.trial === ROLLED_BACK && !closedMs;
  if (waitedS < setup.afterS && !again) return;
  const it = config && config.device;
  if (setup.password)
    return open(link, setup, (it && it.id) || nameOf(link.board), lostFor(waitedS, link.why));
  device.setupMs = link.board.uptime();
  say(link.log, INFO, "setup", "no access point: without setup.password it opens by setup.pin only");
}

function lostFor(seconds: number, why: Bytes): Bytes {
  return "The Wi-Fi could not be joined" + (seconds ? " for " + seconds + " s" : "") + " (" + why + ")";
}

/** `setup` of a configuration that was judged good, with its defaults. */
function setupOf(config: Partial<AppsConfigFile> | undefined): SetupConfig {
  const given = ((config && config.setup) || {}) as Partial<SetupConfig>;
  return {
    afterS: given.afterS === undefined ? DEFAULT_AFTER_S : given.afterS,
    forS: given.forS || DEFAULT_FOR_S,
    pin: "",
    password: given.password || "",
  };
}

/** Opens it while the link waits. */
function open(link: Link, config: SetupConfig, name: Bytes, why: Bytes): void {
  const device = link.own as Device;
  const waitS = config.forS + AFTER_SETUP_S;
  enter(link, DOWN, waitS);
  device.setupMs = link.board.uptime() + waitS * 1000;
  // The time of the access point does not bring the restart nearer (src/link/rescue.ts).
  link.lastUpMs += waitS * 1000;
  openSetup({
    board: link.board,
    log: link.log,
    world: device.world,
    profile: link.profile,
    config,
    name,
    why,
    leave() {
      if (link.saver) link.saver.keep(link);
    },
    closed() {},
  });
}
