// The application `device` needs no code, only config.json: presence, telemetry, pins, commands, Home Assistant discovery
// and a remote log. This file puts the parts of src/app/device together.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { reportTo } from "../config/boot";
import { RESTART_FILE } from "../config/files";
import { decodeKey } from "../config/key";
import type { AppModule } from "../link/power-on";
import type { Link } from "../link/rungs";
import { say, WARNING } from "../log";
import { RETAIN } from "../mqtt/spec";
import type { Properties } from "../mqtt/v5/properties";
import { newSigner } from "../sign/signer";
import type { AppsConfigFile, SignConfig } from "./config-file";
import { trialOf } from "./device/config-change";
import { configured } from "./device/configured";
import { announce, checkSize } from "./device/discovery";
import { logDropped, takeWaiting, wait } from "./device/incoming";
import { followInputs, measureDue } from "./device/inputs";
import { driveAll, saveOutputs, setOutput } from "./device/outputs";
import { readPins } from "./device/pins";
import { lastWill, yieldWill } from "./device/presence";
import {
  COMMANDS_AT_ONCE,
  COUNT_EVERY_S,
  type Device,
  type DeviceApp,
  type DeviceWorld,
  DIGITAL_OUT,
  LINES_AT_ONCE,
  MAX_WHY,
} from "./device/record";
import { listenTo, publishLines } from "./device/remote-log";
import { keysOfDevice } from "./device/rules";
import { setUpFirst, setUpIfLost, setUpWithout } from "./device/setup/when";
import { countFree, nextReport, report, timePings } from "./device/telemetry";
import { beginUpdates, checkLimits, updatesDue } from "./device/update/update";

/** A command for a pin: `<prefix>pin/<name>/set`. */
const PIN = "pin/";
const SET = "/set";

export function device(world: DeviceWorld): AppModule {
  return {
    name: "device",
    // Functions that are only called are not kept in memory.
    ownKeys: (_profile, board) => keysOfDevice(world, board),
    without: (profile, board) => setUpWithout(board, world, profile),
    make: (file): DeviceApp => ({
      file: file as AppsConfigFile,
      world,
      begin: (link) => begin(link),
      up,
      down,
      received,
      everySecond,
    }),
  };
}

/** Before the first connection: sets the outputs, and listens to the inputs. */
function begin(link: Link): void {
  const app = link.app as DeviceApp;
  const file = app.file!;
  const config = file.device!;
  const board = link.board;
  const world = app.world;
  const device = {
    world,
    direct: 1,
    prefix: config.base + "/" + config.id + "/",
    interval: config.telemetryS,
    discoveryPrefix: config.discovery,
    announceIn: 0,
    saveIn: 0,
    heard: 0,
    sent: 0,
    refused: 0,
    tooMany: 0,
    ups: 0,
    credit: COMMANDS_AT_ONCE,
    lineCredit: LINES_AT_ONCE,
    lines: [] as Bytes[],
    unsaid: 0,
    why: "",
    restarted: board.readFile(RESTART_FILE) || "",
    pingedAt: 0,
    pingMs: -1,
  } as Device;
  link.own = device;
  listenTo(link.log, device);
  device.trial = trialOf(board, device.restarted);
  device.pins = readPins(reportTo(link.log), world, config.pins);
  driveAll(link, device);
  followInputs(link, device, config.pins);
  device.reportIn = nextReport(link);
  countFree(device);
  timePings(link);
  if (link.login.will) say(link.log, WARNING, "device", "mqtt.will is ignored, the device has its own will");
  link.login.will = lastWill(device);
  takeKey(link, device, file.sign);
  if (config.update) {
    beginUpdates(device, config.update);
    checkLimits(reportTo(link.log), device.prefix, link.client.packetLimit);
  }
  checkSize(reportTo(link.log), device, config.pins, link.client.byteLimit);
  setUpFirst(link, file);
  // Not kept: it takes a hundred JsVars. `configured` reads it again (engine 14).
  app.file = app.begin = undefined;
}

function takeKey(link: Link, device: Device, sign?: SignConfig): void {
  if (!sign) return;
  device.direct = 0;
  device.signer = newSigner(link.board, link.log, device.world.hmac, decodeKey(sign.key)!, sign.id);
}

/** Connected: the greeting waits for a turn of its own. */
function up(link: Link): void {
  (link.own as Device).pingedAt = 0;
  wait(link, "", "", 0);
}

/** The connection is lost, or an attempt has failed. */
function down(link: Link, reason: number): void {
  // What the status says at the next birth.
  (link.own as Device).why = link.why.substr(0, MAX_WHY);
  if (FIVE) yieldWill(link, reason);
  setUpIfLost(link);
}

/**
 * The usual message is `on` or `off` for a digital output: from here to the pin no function is made (engine 10). It passes the
 * guards of `take` (incoming.ts), which has all others.
 * @resident
 */
function received(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void {
  const device = link.own as Device;
  const prefix = device.prefix;
  const size = prefix.length;
  device.heard++;
  if (device.direct && device.credit && !(flags & RETAIN) && (payload === "on" || payload === "off")) {
    const name = topic.substr(size + PIN.length, topic.length - size - PIN.length - SET.length);
    for (let i = 0; i < device.pins.length; i++) {
      const pin = device.pins[i]!;
      if (pin.name === name && pin.kind === DIGITAL_OUT && topic === prefix + PIN + name + SET) {
        device.credit--;
        return setOutput(link, pin, payload === "on" ? 1 : 0);
      }
    }
  }
  wait(link, topic, payload, flags, properties);
}

/** Another second UP. */
function everySecond(link: Link): void {
  const device = link.own as Device;
  if (device.waiting) takeWaiting(link);
  logDropped(link);
  if (link.upSeconds % COUNT_EVERY_S === 0) countFree(device);
  measureDue(link);
  publishLines(link);
  if (device.saveIn && !--device.saveIn) saveOutputs(link);
  if (device.announceIn && !--device.announceIn) {
    announce(link, configured(link).pins);
  }
  const updates = device.updates;
  if (updates && (updates.checking || (updates.wait && !--updates.wait))) updatesDue(link, updates);
  if (device.reportIn && !--device.reportIn) {
    report(link);
    device.reportIn = nextReport(link);
  }
}
