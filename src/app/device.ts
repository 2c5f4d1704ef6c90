// A device that is useful from config.json alone: presence, telemetry, pins, commands, Home Assistant discovery, a remote
// log. Puts the parts together; what each does stands in src/app/device.

import type { Bytes } from "../board";
import type { AppModule } from "../config/boot";
import type { SignConfig } from "../config/config-file";
import { type Link, RESTART_FILE } from "../link/rungs";
import { ERROR, INFO, say } from "../log";
import { subscribe } from "../mqtt/request";
import { SUBSCRIPTION_FAILED } from "../mqtt/spec";
import type { Properties } from "../mqtt/v5/properties";
import { decodeKey } from "../sign/key";
import { newSigner } from "../sign/signer";
import { answer, take, tellTooMany } from "./device/commands";
import { beginTrial, configText, endTrial } from "./device/config-change";
import { configured } from "./device/configured";
import { announce } from "./device/discovery";
import { followInputs, measureDue, tellAnalog, tellInput } from "./device/inputs";
import { driveAll, noteOutputs, tellOutput } from "./device/outputs";
import { readPins } from "./device/pins";
import { birth, lastWill } from "./device/presence";
import { listenToLog, tellLines } from "./device/remote-log";
import { rulesOf } from "./device/rules";
import {
  ANALOG_IN,
  ANNOUNCE_WITHIN_S,
  ANNOUNCED_FILE,
  COMMANDS_AT_ONCE,
  type Device,
  type DeviceApp,
  type DeviceWorld,
  DIGITAL_IN,
  LINES_AT_ONCE,
  LOOK_EVERY_S,
  NO_TRIAL,
} from "./device/state";
import { look, nextReport, report, timePings } from "./device/telemetry";

export function device(world: DeviceWorld): AppModule {
  const rules = rulesOf(world);
  return {
    name: "device",
    rules: rules.rules,
    deviceRule: rules.deviceRule,
    signRule: rules.signRule,
    // Functions that are only called are not kept in memory.
    configText: (board) => configText(board),
    make: (): DeviceApp => ({
      name: "device",
      world,
      begin: (link) => begin(link),
      up,
      received,
      everySecond,
    }),
  };
}

/** Before the first connection: outputs get their states, inputs are listened to. */
function begin(link: Link): void {
  const config = link.config.device!;
  const board = link.board;
  const world = (link.app as DeviceApp).world;
  const d = {
    world,
    prefix: config.base + "/" + config.id + "/",
    interval: config.telemetryS,
    finder: config.discovery,
    announceIn: 0,
    noteIn: 0,
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
  link.device = d;
  listenToLog(link);
  d.trial = beginTrial(link);
  d.pins = readPins(link.log, world, config.pins);
  driveAll(link, d);
  followInputs(link, d, config.pins);
  d.reportIn = nextReport(link);
  look(d);
  timePings(link);
  if (link.config.mqtt.will) say(link.log, INFO, "device", "warning: mqtt.will is the device's own here");
  link.config.mqtt.will = lastWill(d);
  takeKey(link, d, link.config.sign);
  // What is needed of it later is read again: it would take a hundred JsVars.
  link.config.device = undefined;
  link.app.begin = undefined;
}

function takeKey(link: Link, d: Device, sign?: SignConfig): void {
  if (!sign) return;
  d.signer = newSigner(link.board, link.log, d.world.hash, decodeKey(sign.key)!, sign.id);
  sign.key = "";
}

/** Connected: says who is there and how things are, and listens. */
function up(link: Link): void {
  const d = link.device!;
  d.ups++;
  d.pingedAt = 0;
  if (d.ups === 1) listen(link, d);
  birth(link);
  for (let i = 0; i < d.pins.length; i++) {
    const pin = d.pins[i]!;
    if (pin.kind === ANALOG_IN) tellAnalog(link, pin);
    else if (pin.kind === DIGITAL_IN) tellInput(link, pin);
    else tellOutput(link, pin);
  }
  const words = d.ups === 1 && endTrial(link);
  if (words) answer(link, "config-set", words);
  if (d.ups === 1 && (d.finder || link.board.readFile(ANNOUNCED_FILE))) d.announceIn = 1;
}

/** Asks for what is for us. The session asks again after every reconnect. */
function listen(link: Link, d: Device): void {
  const list = [
    { filter: d.prefix + "cmd/+", qos: 1 },
    { filter: d.prefix + "pin/+/set", qos: 1 },
  ];
  if (d.finder) list.push({ filter: d.finder + "/status", qos: 1 });
  subscribe(link.client, list, function (_reason, granted) {
    for (let i = 0; i < granted.length; i++)
      if (granted.charCodeAt(i) >= SUBSCRIPTION_FAILED)
        say(link.log, ERROR, "device", "the broker refused the subscription to " + list[i]!.filter);
  });
}

/** @resident */
function received(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void {
  const d = link.device!;
  d.heard++;
  if (topic.substr(0, d.prefix.length) === d.prefix) take(link, topic, payload, flags, properties);
  else if (topic === d.finder + "/status" && payload === "online")
    d.announceIn = 1 + ((link.board.chance() * ANNOUNCE_WITHIN_S) | 0);
}

/** Another second UP. */
function everySecond(link: Link): void {
  const d = link.device!;
  tellTooMany(link);
  if (link.upSeconds % LOOK_EVERY_S === 0) look(d);
  measureDue(link);
  tellLines(link);
  if (d.noteIn && !--d.noteIn) noteOutputs(link);
  if (d.announceIn && !--d.announceIn) {
    announce(link, configured(link).pins);
    d.trial = NO_TRIAL;
  }
  if (d.reportIn && !--d.reportIn) {
    report(link);
    d.reportIn = nextReport(link);
  }
}
