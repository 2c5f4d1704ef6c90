// A new configuration over MQTT. It is merged into the present one, judged as at boot, and tried (src/link/trial.ts). It
// replaces config.json only after the link has come up with it. Secrets can be set, but not read.

import type { Board, Bytes } from "../../board";
import { judge } from "../../config/boot";
import type { Report } from "../../config/check";
import type { MqttConfig } from "../../config/config-file";
import type { Link } from "../../link/rungs";
import { configText } from "../../link/trial";
import { pieces } from "../../mqtt/bytes";
import { CONFIGURATION } from "../../program/give-up";
import { freeConfigFile, readRecord, writeRecord } from "../../program/record";
import { fromJson, toJson } from "../../text";
import type { AppsConfigFile } from "../config-file";
import { failed } from "./answer";
import { checkSize } from "./discovery";
import { readPins } from "./pins";
import { type Device, type DeviceWorld, NO_TRIAL, ROLLED_BACK, TRYING } from "./record";
import { keysOfDevice } from "./rules";
import { hide, isTree, MASK, merge, serverAt, type Tree, urlOfServer } from "./secrets";
import { checkLimits } from "./update/update";

/** Whether this boot tries a new configuration, or follows one that was given up. */
export function trialOf(board: Board, restarted: Bytes): number {
  const record = readRecord(board);
  if (record && record.by === "config") return TRYING;
  return restarted.substr(0, CONFIGURATION.length) === CONFIGURATION ? ROLLED_BACK : NO_TRIAL;
}

/** The link is up for the first time: the answer to `config-set`, "" if there was no trial. */
export function outcomeOf(link: Link): Bytes {
  const device = link.own as Device;
  if (device.trial === ROLLED_BACK) return failed("rolled back: " + device.restarted);
  if (device.trial !== TRYING) return "";
  const record = readRecord(link.board);
  return record && record.trial ? failed("not kept: Storage is full") : '{"ok":true,"kept":true}';
}

/** Judges a change and saves it for the next boot. Returns "", or what is wrong with it. */
export function changeConfig(link: Link, device: Device, payload: Bytes): Bytes {
  const change = fromJson(payload);
  const mistakes: Bytes[] = [];
  if (!isTree(change)) return "expected an object in JSON: what is to be changed";
  const text = judgeChange(link, device.world, change, reportTo(mistakes));
  if (mistakes.length) return mistakes[0]!;
  return tryConfig(link.board, text);
}

/** Merges a change into the present configuration and judges the whole as at boot. Returns its text. */
export function judgeChange(
  { board, profile }: Pick<Link, "board" | "profile">,
  world: DeviceWorld,
  change: Tree,
  report: Report,
): Bytes {
  const present = fromJson(configText(board) || "{}");
  const tree = isTree(present) ? present : {};
  merge(tree, change, report);
  const text = toJson(tree);
  const config = board.parseJson(text) as AppsConfigFile;
  const build = { profile, ownKeys: keysOfDevice(world, board) };
  if (judge(board, report, build, config)) {
    checkDevice(report, world, config);
    // Merging has changed the one above.
    const before = fromJson(configText(board) || "{}") || {};
    checkServer(report, world, before as Partial<AppsConfigFile>, config, change);
  }
  return text;
}

/** Saves a configuration for the next boot, which tries it. Returns "" or the reason why it cannot. */
export function tryConfig(board: Board, text: Bytes): Bytes {
  const record = readRecord(board);
  if (!record || !record.proven) return "this board has no loader to go back with: flash it again";
  const file = freeConfigFile(record);
  const why = board.writeFile(file, text);
  if (why) return why;
  record.trial = record.proven;
  record.by = "config";
  record.starts = 0;
  record.config = file;
  return writeRecord(board, record);
}

/** The rules that only a device knows. */
function checkDevice(report: Report, world: DeviceWorld, config: AppsConfigFile): void {
  const it = config.device!;
  const pins = readPins(report, world, it.pins);
  const prefix = it.base + "/" + it.id + "/";
  const device = {
    world,
    prefix,
    discoveryPrefix: it.discovery,
    pins,
    signer: config.sign,
    updates: it.update,
  };
  if (it.update) checkLimits(report, prefix, config.mqtt.maxPacket);
  checkSize(report, device, it.pins, config.mqtt.outbox.bytes);
}

/** What a change of `mqtt.tls`, or of `tls` of one of several servers, must not do. */
function checkServer(
  report: Report,
  world: DeviceWorld,
  before: Partial<AppsConfigFile>,
  config: AppsConfigFile,
  change: Tree,
): void {
  const name = world.chip.chipName();
  const changed = isTree(change["mqtt"]) && change["mqtt"]["url"];
  const servers = config.mqtt.url;
  const several = Array.isArray(servers);
  for (let i = 0; i < (several ? servers.length : 1); i++) {
    if (tlsAt(config.mqtt, i) !== "unverified") continue;
    const own = several && isTree(servers[i]) && servers[i]!["tls" as never];
    const key = own ? "mqtt.url[" + i + "].tls" : "mqtt.tls";
    // The same rule as in flash.sh (tools/flash/inspect.ts).
    if (name === "ESP32" || name.substr(0, 6) === "ESP32_")
      report(key, "expected a pre-shared key: this chip's memory is too small for Espruino's TLS");
    // Secrets can be set, but not read: a server that proves nothing must not get them.
    const url = changed && urlOfServer(serverAt(changed, i));
    if (before.mqtt && isTree(tlsAt(before.mqtt, i)) && (!url || pieces("" + url, MASK).length > 1))
      report(key, "expected mqtt.url in full beside it, with user and password: the server would be anybody");
  }
}

/** What counts as `tls` of one of the servers. Those of a list that are without TLS have none. */
function tlsAt(mqtt: MqttConfig, place: number): unknown {
  const server = serverAt(mqtt.url, place);
  if (isTree(server) && server["tls"] !== undefined) return server["tls"];
  const plain = Array.isArray(mqtt.url) && ("" + urlOfServer(server)).substr(0, 4).toLowerCase() !== "wss:";
  return plain ? "" : mqtt.tls;
}

function reportTo(mistakes: Bytes[]): Report {
  return function (key, wrong) {
    if (wrong) mistakes.push(key + ": " + wrong);
  };
}

/** The configuration, with stars for secrets. */
export function showConfig(link: Link): Bytes {
  const tree = fromJson(configText(link.board) || "{}") as Tree;
  hide(tree, "");
  return toJson(tree);
}
