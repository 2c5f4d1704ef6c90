// What a device says and asks for when its link has come up.

import { FIVE } from "#five";
import type { Link } from "../../link/rungs";
import { UP } from "../../link/rungs";
import { subscribe } from "../../mqtt/request";
import { want } from "../../mqtt/session";
import { SUBSCRIPTION_FAILED } from "../../mqtt/spec";
import { answer } from "./answer";
import { outcomeOf } from "./config-change";
import { publishAnalog, publishInput } from "./inputs";
import { publishOutput } from "./outputs";
import { birth, tellLimits } from "./presence";
import { ANALOG_IN, ANNOUNCED_FILE, type Device, DIGITAL_IN } from "./record";
import { updatesUp } from "./update/update";

/** Publishes the status and all pins, and subscribes. */
export function greet(link: Link): void {
  const device = link.own as Device;
  // It may be down again.
  if (link.state !== UP) return;
  device.ups++;
  if (device.ups === 1) listen(link, device);
  if (FIVE && device.ups === 1) tellLimits(link);
  birth(link);
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.kind === ANALOG_IN) publishAnalog(link, pin);
    else if (pin.kind === DIGITAL_IN) publishInput(link, pin);
    else publishOutput(link, pin);
  }
  if (device.updates) updatesUp(link, device.updates);
  const words = device.ups === 1 && outcomeOf(link);
  if (words) answer(link, "config-set", words);
  if (device.ups === 1 && (device.discoveryPrefix || link.board.readFile(ANNOUNCED_FILE)))
    device.announceIn = 1;
}

/** Subscribes to the topics of the device. The session subscribes again after every reconnect. */
function listen(link: Link, device: Device): void {
  const list = [
    { filter: device.prefix + "cmd/+", qos: 1 },
    { filter: device.prefix + "pin/+/set", qos: 1 },
  ];
  if (device.discoveryPrefix) list.push({ filter: device.discoveryPrefix + "/status", qos: 1 });
  if (device.updates) list.push({ filter: device.updates.manifestTopic, qos: 1 });
  subscribe(link.client, list, function (_reason, granted) {
    for (let i = 0; i < granted.length; i++)
      if (granted.charCodeAt(i) >= SUBSCRIPTION_FAILED) want(link.client, list[i]!, granted.charCodeAt(i));
  });
}
