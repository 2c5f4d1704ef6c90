// Presence: the retained status. When the device is lost, the broker publishes the will, which says offline.

import { allowed5 } from "#five";
import type { Bytes } from "../../board";
import { VERSION } from "../../config/boot";
import { stop } from "../../link/ladder";
import { restart } from "../../link/rescue";
import { type Link, UP } from "../../link/rungs";
import { say, WARNING } from "../../log";
import type { Will } from "../../mqtt/encode";
import { QOS_NOT_SUPPORTED, RETAIN } from "../../mqtt/spec";
import { RETAIN_NOT_SUPPORTED } from "../../mqtt/v5/spec";
import { AT_LEAST_ONCE, type Device, publishState, quoted } from "./record";

/** Milliseconds for the last messages before a restart, and for the closing handshake. */
const LAST_WORDS_MS = 1500;
const CLOSING_MS = 1000;

/** The broker publishes it when the connection ends without DISCONNECT. */
export function lastWill(device: Device): Will {
  return {
    topic: device.prefix + "status",
    payload: '{"state":"offline","reason":"lost"}',
    qos: 1,
    retain: true,
  };
}

/** MQTT 5: a broker has refused CONNECT because of the will (3.2.2.3.4, 3.2.2.3.5). The next one has less of it. */
export function yieldWill(link: Link, reason: number): void {
  const will = link.login.will!;
  if (reason === QOS_NOT_SUPPORTED && will.qos) will.qos = 0;
  else if (reason === RETAIN_NOT_SUPPORTED && will.retain) will.retain = false;
  else return;
  const what =
    reason === QOS_NOT_SUPPORTED
      ? "above QoS 0: the device's is sent at that"
      : "to keep: the device's is sent so";
  say(link.log, WARNING, "device", "the broker takes no will " + what);
  // Nothing has to change but the will.
  link.secondsLeft = 1;
}

/** MQTT 5: tells what the broker cannot do. Messages are sent without it. */
export function tellLimits(link: Link): void {
  const most = allowed5(link.client, AT_LEAST_ONCE | RETAIN);
  if (!(most & AT_LEAST_ONCE))
    say(link.log, WARNING, "device", "the broker takes QoS 0 only, so messages may be lost");
  if (!(most & RETAIN))
    say(
      link.log,
      WARNING,
      "device",
      "the broker keeps no messages, so states are heard only when they change",
    );
}

/** Publishes that the device is online, and what it is. */
export function birth(link: Link): void {
  const device = link.own as Device;
  const chip = device.world.chip;
  const words: Bytes[] = [
    "version", VERSION,
    "engine", chip.engineVersion(),
    "chip", chip.chipName(),
    "ip", chip.ownAddress(),
    "reset", chip.resetCause(),
    "restarted", device.restarted,
    "lost", device.why,
  ]; // biome-ignore format: pairs
  let text = '{"state":"online"';
  for (let i = 0; i < words.length; i += 2)
    if (words[i + 1]) text += ',"' + words[i] + '":' + quoted(words[i + 1]!);
  text +=
    ',"rssi":' + chip.signal() + ',"reconnects":' + (device.ups - 1) + ',"jsVars":' + chip.varsLeft() + "}";
  publishState(link, "status", text, 1, true);
}

/** Publishes that the device restarts, disconnects, and restarts. */
export function leaveAndRestart(link: Link, why: Bytes): void {
  const chip = (link.own as Device).world.chip;
  publishState(link, "status", '{"state":"restarting"}', 1, true);
  chip.after(LAST_WORDS_MS, function () {
    // DISCONNECT: the broker does not publish the will [MQTT-3.14.4-3].
    if (link.state === UP) stop(link);
    chip.after(CLOSING_MS, function () {
      restart(link, why);
    });
  });
}
