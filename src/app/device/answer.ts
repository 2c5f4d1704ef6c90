// Answers of the device, signed where it has a key.

import { allowed5, FIVE } from "#five";
import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { isTopicName } from "../../mqtt/bytes";
import { respond } from "../../mqtt/v5/calls";
import type { Properties } from "../../mqtt/v5/properties";
import { RESPONSE_TOPIC } from "../../mqtt/v5/spec";
import { seal } from "../../sign/sign";
import { AT_LEAST_ONCE, type Device, quoted, send } from "./record";

/**
 * Whether an answer may go to this topic. The topics of devices are refused: otherwise a request could make one device
 * send a command to another.
 */
function mayAnswer(device: Device, topic: Bytes): boolean {
  const base = baseOf(device);
  return isTopicName(topic) && topic.substr(0, base.length) !== base;
}

/** `<base>/`, with which the topics of all devices begin. */
export function baseOf(device: Pick<Device, "prefix">): Bytes {
  const levels = device.prefix.split("/");
  return device.prefix.substr(0, device.prefix.length - levels[levels.length - 2]!.length - 1);
}

/** Publishes an answer under `reply/<name>`. With MQTT 5 it goes to the response topic, if that is allowed. */
export function answer(link: Link, name: Bytes, text: Bytes, properties?: Properties): void {
  const device = link.own as Device;
  const topic = device.prefix + "reply/" + name;
  const asked = FIVE && properties ? properties[RESPONSE_TOPIC] : undefined;
  if (FIVE && asked !== undefined && mayAnswer(device, asked)) {
    const sealed = device.signer ? seal(device.signer, asked, text) : text;
    device.sent++;
    if (sealed !== undefined)
      respond(link.client, properties!, sealed, allowed5(link.client, AT_LEAST_ONCE) >> 1);
    return;
  }
  const sealed = device.signer ? seal(device.signer, topic, text) : text;
  if (sealed !== undefined) send(link, topic, sealed, AT_LEAST_ONCE);
}

/** The answer to a command that failed. */
export function failed(why: Bytes): Bytes {
  return '{"error":' + quoted(why) + "}";
}
