// A new configuration over MQTT. It is merged into the present one, judged as at boot, and tried. It replaces config.json
// only after the link has come up with it. Secrets can be set, but not read. A power cut at any point leaves the board
// with a configuration.
//
// NEW_FILE is the configuration to try. TRIED_FILE beside it marks that the trial has begun.

import type { Board, Bytes } from "../../board";
import { judge } from "../../config/boot";
import type { Report } from "../../config/check";
import { CONFIG_FILE } from "../../config/files";
import { REBOOT_AFTER_S } from "../../config/keys";
import type { Link } from "../../link/rungs";
import { ERROR, INFO, say } from "../../log";
import { fromJson, toJson } from "../../text";
import type { AppsConfigFile } from "../config-file";
import { failed } from "./answer";
import { checkSize } from "./discovery";
import { readPins } from "./pins";
import {
  type Device,
  type DeviceWorld,
  NEW_FILE,
  NO_TRIAL,
  ROLLED_BACK,
  TRIAL_S,
  TRIED_FILE,
  TRYING,
} from "./record";
import { keysOfDevice } from "./rules";
import { hide, isTree, merge, type Tree } from "./secrets";

/** The configuration that the board boots with. */
export function configText(board: Board): Bytes | undefined {
  const next = board.readFile(NEW_FILE);
  const config = board.readFile(CONFIG_FILE);
  if (next === undefined) return config;
  if (config === undefined) {
    // Without config.json there is no way back.
    board.writeFile(TRIED_FILE, "1");
    return next;
  }
  // The trial began at an earlier boot and did not succeed: it is given up. The mark stays, and beginTrial reports it.
  if (board.readFile(TRIED_FILE) !== undefined) {
    board.writeFile(NEW_FILE, "");
    return config;
  }
  // Without the mark, a bad configuration would be tried for ever.
  return board.writeFile(TRIED_FILE, "1") ? config : next;
}

/** After boot: the state of the trial. A trial without a connection ends with a restart after TRIAL_S. */
export function beginTrial(link: Link): number {
  const board = link.board;
  if (board.readFile(TRIED_FILE) === undefined) return NO_TRIAL;
  if (board.readFile(NEW_FILE) === undefined) {
    board.writeFile(TRIED_FILE, "");
    say(link.log, ERROR, "device", "the new configuration is given up");
    return ROLLED_BACK;
  }
  link.restartAfterS = TRIAL_S;
  say(link.log, INFO, "device", "a new configuration is tried for " + TRIAL_S + " s");
  return TRYING;
}

/** The link is up: a new configuration is good. Returns the answer to `config-set`, "" if there was no trial. */
export function endTrial(link: Link): Bytes {
  const device = link.own as Device;
  const board = link.board;
  const next = board.readFile(NEW_FILE);
  if (device.trial === ROLLED_BACK) return failed("rolled back: " + device.restarted);
  if (device.trial !== TRYING || next === undefined) return "";
  const given = (fromJson(next) as { [key: Bytes]: Tree })["link"] || {};
  const rebootAfterS = given["rebootAfterS"];
  link.restartAfterS = rebootAfterS === undefined ? REBOOT_AFTER_S : (rebootAfterS as number);
  const why = board.writeFile(CONFIG_FILE, next);
  if (why) return failed("not kept: " + why);
  // In this order: after a power cut in between it is tried again, which does no harm.
  board.writeFile(TRIED_FILE, "");
  board.writeFile(NEW_FILE, "");
  return '{"ok":true,"kept":true}';
}

/** Judges a change and saves it for the next boot. Returns "", or what is wrong with it. */
export function changeConfig(link: Link, device: Device, payload: Bytes): Bytes {
  const board = link.board;
  const change = fromJson(payload);
  const mistakes: Bytes[] = [];
  const report = reportTo(mistakes);
  if (!isTree(change)) return "expected an object in JSON: what is to be changed";
  const tree = fromJson(board.readFile(CONFIG_FILE) || "{}") as Tree;
  merge(tree, change, report);
  const text = toJson(tree);
  const config = board.parseJson(text) as AppsConfigFile;
  const build = { profile: link.profile, ownKeys: keysOfDevice(device.world, board) };
  if (judge(board, report, build, config)) checkDevice(report, device.world, config);
  if (mistakes.length) return mistakes[0]!;
  board.writeFile(TRIED_FILE, "");
  return board.writeFile(NEW_FILE, text);
}

/** The rules that only a device knows. */
function checkDevice(report: Report, world: DeviceWorld, config: AppsConfigFile): void {
  const it = config.device!;
  const pins = readPins(report, world, it.pins);
  const prefix = it.base + "/" + it.id + "/";
  const device = { world, prefix, discoveryPrefix: it.discovery, pins, signer: config.sign };
  checkSize(report, device, it.pins, config.mqtt.outbox.bytes);
}

function reportTo(mistakes: Bytes[]): Report {
  return function (key, wrong) {
    if (wrong) mistakes.push(key + ": " + wrong);
  };
}

/** The configuration, with stars for secrets. */
export function showConfig(link: Link): Bytes {
  const tree = fromJson(link.board.readFile(CONFIG_FILE) || "{}") as Tree;
  hide(tree, "");
  return toJson(tree);
}
