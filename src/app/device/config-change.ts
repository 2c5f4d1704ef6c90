// A new configuration from afar: merged into the one that is there, judged as at boot, tried, and taken over only once the
// link has come up with it. Secrets go in and never come out. No power cut on the way leaves the board without one.
//
// Files: NEW_FILE is to be tried; TRIED_FILE beside it: it was begun with. config.json stays until the link is up.

import type { Board, Bytes } from "../../board";
import { judge, REBOOT_AFTER_S } from "../../config/boot";
import type { ConfigFile } from "../../config/config-file";
import type { Link } from "../../link/rungs";
import { ERROR, INFO, type Log, say } from "../../log";
import { fromJson, toJson } from "../../text";
import { failed } from "./answer";
import { readPins } from "./pins";
import { type Device, NEW_FILE, NO_TRIAL, ROLLED_BACK, TRIAL_S, TRIED_FILE, TRYING } from "./record";
import { rulesOf } from "./rules";

interface Tree {
  [key: Bytes]: unknown;
}

/** What the board is to boot with. */
export function configText(board: Board): Bytes | undefined {
  const next = board.readFile(NEW_FILE);
  const config = board.readFile("config.json");
  if (next === undefined) return config;
  if (config === undefined) {
    // Without the old one there is no way back.
    board.writeFile(TRIED_FILE, "1");
    return next;
  }
  // Begun before, and the board has restarted without taking it over: given up, which its mark goes on to tell.
  if (board.readFile(TRIED_FILE) !== undefined) {
    board.writeFile(NEW_FILE, "");
    return config;
  }
  // What cannot be marked would be tried for ever.
  return board.writeFile(TRIED_FILE, "1") ? config : next;
}

/** After boot: which configuration is this? A trial ends after TRIAL_S with a restart. */
export function beginTrial(link: Link): number {
  const board = link.board;
  if (board.readFile(TRIED_FILE) === undefined) return NO_TRIAL;
  if (board.readFile(NEW_FILE) === undefined) {
    board.writeFile(TRIED_FILE, "");
    say(link.log, ERROR, "device", "the new configuration is given up");
    return ROLLED_BACK;
  }
  link.config.link.rebootAfterS = TRIAL_S;
  say(link.log, INFO, "device", "a new configuration is tried for " + TRIAL_S + " s");
  return TRYING;
}

/** The link is up: a new configuration is good. Returns the answer to the command that brought it, "" if there was none. */
export function endTrial(link: Link): Bytes {
  const device = link.device!;
  const board = link.board;
  const next = board.readFile(NEW_FILE);
  if (device.trial === ROLLED_BACK) return failed("rolled back: " + device.restarted);
  if (device.trial !== TRYING || next === undefined) return "";
  const given = (fromJson(next) as { [key: Bytes]: Tree })["link"] || {};
  const rebootAfterS = given["rebootAfterS"];
  link.config.link.rebootAfterS = rebootAfterS === undefined ? REBOOT_AFTER_S : (rebootAfterS as number);
  const why = board.writeFile("config.json", next);
  if (why) return failed("not kept: " + why);
  // In this order: one that is tried again does no harm.
  board.writeFile(TRIED_FILE, "");
  board.writeFile(NEW_FILE, "");
  return '{"ok":true,"kept":true}';
}

/** Judges a change and notes it for the next boot; returns "", or what is wrong with it. */
export function changeConfig(link: Link, device: Device, payload: Bytes): Bytes {
  const board = link.board;
  const change = fromJson(payload);
  const lines: Bytes[] = [];
  const log: Log = {
    level: INFO,
    uptime: link.log.uptime,
    print: function (line) {
      lines.push(line.split(" config ")[1] || line);
    },
  };
  if (!isTree(change)) return "expected an object in JSON: what is to be changed";
  const text = toJson(merged(fromJson(board.readFile("config.json") || "{}"), change));
  const config = board.parseJson(text) as ConfigFile;
  const good = judge(board, log, { app: rulesOf(device.world), profile: link.profile }, config);
  if (good) readPins(log, device.world, config.device!.pins);
  for (let i = 0; i < lines.length; i++) if (lines[i]!.split("warning").length < 2) return lines[i]!;
  board.writeFile(TRIED_FILE, "");
  return board.writeFile(NEW_FILE, text);
}

/** The configuration, with stars for secrets. */
export function showConfig(link: Link): Bytes {
  const tree = fromJson(link.board.readFile("config.json") || "{}") as { [key: Bytes]: Tree };
  const wifi = tree["wifi"] || {};
  const mqtt = tree["mqtt"] || {};
  const sign = tree["sign"] || {};
  if (wifi["password"]) wifi["password"] = "***";
  if (mqtt["url"]) mqtt["url"] = link.url.shown;
  if (sign["key"]) sign["key"] = "***";
  const headers = mqtt["headers"] as Tree | undefined;
  for (const name in headers) headers[name] = "***";
  return toJson(tree);
}

/** A change as RFC 7396 has it: objects are merged, null removes, everything else replaces. */
function merged(old: unknown, change: unknown): unknown {
  if (!isTree(change)) return change;
  const tree = isTree(old) ? old : {};
  for (const name in change) {
    if (change[name] === null) delete tree[name];
    else tree[name] = merged(tree[name], change[name]);
  }
  return tree;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
