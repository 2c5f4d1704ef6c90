// Home Assistant's MQTT discovery: one retained message that describes the device and all its entities. It uses Home
// Assistant's abbreviations, because it has to fit into little memory.

import type { Bytes } from "../../board";
import { VERSION } from "../../config/boot";
import type { Report } from "../../config/check";
import type { Link } from "../../link/rungs";
import { ERROR, say } from "../../log";
import { QUOTA_EXCEEDED, REPLACEABLE, REPLACED, RETAIN, SUCCESS } from "../../mqtt/spec";
import type { Done } from "../../mqtt/state";
import type { PinConfig } from "../config-file";
import {
  ANALOG_IN,
  ANNOUNCE_WITHIN_S,
  ANNOUNCED_FILE,
  AT_LEAST_ONCE,
  type Device,
  DIGITAL_IN,
  DIGITAL_OUT,
  type Pin,
  PWM_OUT,
  quoted,
  send,
} from "./record";
import { stateTemplate } from "./update/report";

/** The topic where Home Assistant looks for this device, "" without discovery. */
function announcedTo(device: Described): Bytes {
  const id = idOf(device);
  return device.discoveryPrefix && device.discoveryPrefix + "/device/" + id + "/config";
}

/** The name of the device in the characters that Home Assistant allows. */
function idOf(device: Described): Bytes {
  const levels = device.prefix.split("/");
  return levels[levels.length - 2]!.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** The description under construction. */
interface Description {
  id: Bytes;
  text: Bytes;
  /** The entities in it: their keys and platforms, `pin_relay:switch pin_lamp:number `. */
  entities: Bytes;
}

/** The parts of a device that its description depends on. */
export type Described = Pick<Device, "world" | "prefix" | "discoveryPrefix" | "pins"> & {
  signer?: unknown;
  updates?: unknown;
};

/** Reports a description that the outbox can never take. `pins` have their defaults. */
export function checkSize(
  report: Report,
  device: Described,
  pins: { [name: Bytes]: PinConfig },
  bytes: number,
): void {
  const topic = announcedTo(device);
  if (!topic) return;
  const size = topic.length + describe(device, pins).text.length;
  if (size > bytes)
    report("mqtt.outbox.bytes", "expected " + size + " or more with device.discovery and these pins");
}

/**
 * Publishes the description. What an earlier one had and this one has not is taken back first, also where the pins were
 * changed by cable: the file says what Home Assistant was told last. One message at a time: the outbox need not have room
 * for two.
 */
export function announce(link: Link, pins: { [name: Bytes]: PinConfig }): void {
  const device = link.own as Device;
  const topic = announcedTo(device);
  const before = (link.board.readFile(ANNOUNCED_FILE) || "").split("\n");
  // Firmware 0.1.0 wrote no entities.
  const known = before[0] === topic && before[1] !== undefined;
  const kept = RETAIN | AT_LEAST_ONCE;
  let refused = 0;
  if (before[0] && !known) refused = send(link, before[0], "", kept, noted(link, ""));
  else if (topic) {
    const made = describe(device, pins);
    const note = topic + "\n" + made.entities;
    const gone = known ? goneOf(before[1]!, made.entities) : "";
    // An entity is taken back by its platform alone, in a message of its own: its key may have another platform now.
    if (gone) refused = send(link, topic, headOf(device, made.id) + gone + "}}", kept, noted(link, note));
    else refused = send(link, topic, made.text, kept | REPLACEABLE, noted(link, note, 1));
  }
  // The outbox has room later.
  if (refused === QUOTA_EXCEEDED) device.announceIn = ANNOUNCE_WITHIN_S;
}

/** Notes what Home Assistant knows now, and goes on. A closure keeps the whole scope that made it (engine 9). */
function noted(link: Link, note: Bytes, last = 0): Done {
  return function (reason) {
    if (reason === SUCCESS) {
      save(link, note);
      if (!last) (link.own as Device).announceIn = 1;
    } else if (reason !== REPLACED)
      say(link.log, ERROR, "device", "discovery message refused: " + link.profile.words(reason));
  };
}

/** The entities of the earlier description that are not in this one, each with its platform alone. */
function goneOf(before: Bytes, now: Bytes): Bytes {
  const list = before.split(" ");
  let text = "";
  for (let i = 0; i < list.length; i++) {
    const parts = list[i]!.split(":");
    if (parts.length === 2 && (" " + now).split(" " + list[i] + " ").length < 2)
      text += (text && ",") + object(parts[0]!, '"p":' + quoted(parts[1]!));
  }
  return text;
}

/** Saves what Home Assistant was told: it can be taken back after a restart, or by another configuration. */
function save(link: Link, text: Bytes): void {
  const before = link.board.readFile(ANNOUNCED_FILE) || "";
  const why = before === text ? "" : link.board.writeFile(ANNOUNCED_FILE, text);
  if (why) say(link.log, ERROR, "device", "cannot save what was announced: " + why);
}

/** The beginning of a description, up to its entities. */
function headOf(device: Described, id: Bytes): Bytes {
  return (
    "{" +
    object("dev", '"ids":[' + quoted(id) + '],"name":' + quoted(id) + ',"mf":"Espruino","mdl":' +
        quoted(device.world.chip.chipName()) + ',"sw":' + quoted(VERSION)) + "," +
    object("o", '"name":"espruino-mqtt-ws","sw":' + quoted(VERSION)) +
    ',"avty_t":' + quoted(device.prefix + "status") +
    ",\"avty_tpl\":\"{{ 'online' if value_json.state == 'online' else 'offline' }}\"" +
    ',"qos":1,"cmps":{'
  ); // biome-ignore format: one part a line
}

/** The keys are explained in Home Assistant's documentation of MQTT, under "supported abbreviations". */
function describe(device: Described, pins: { [name: Bytes]: PinConfig }): Description {
  const id = idOf(device);
  const at = quoted(device.prefix + "telemetry");
  const made: Description = { id, text: headOf(device, id), entities: "" };
  for (let i = 0; i < device.pins.length; i++)
    describePin(made, device, device.pins[i]!, pins[device.pins[i]!.name]!);
  const diagnosis = ',"ent_cat":"diagnostic","stat_cla":"measurement","stat_t":' + at;
  const numbers = ["rssi", "dBm", "signal_strength", "jsVars", "", "", "uptimeS", "s", "duration"];
  // Instead of the button, which a device with a key has not.
  if (device.signer) numbers.push("pingMs", "", "");
  for (let i = 0; i < numbers.length; i += 3) {
    const name = numbers[i]!;
    const more = ',"val_tpl":"{{ value_json.' + name + ' }}"' + measured(numbers[i + 1]!, numbers[i + 2]!);
    addEntity(made, name, "sensor", name, diagnosis + more);
  }
  const restart = quoted(device.prefix + "cmd/restart");
  if (!device.signer)
    addEntity(
      made,
      "restart",
      "button",
      "restart",
      ',"ent_cat":"config","dev_cla":"restart","cmd_t":' + restart,
    );
  if (device.updates) describeUpdate(made, device);
  made.text += "}}";
  return made;
}

/** Home Assistant's update entity. With a key for commands it only shows. */
function describeUpdate(made: Description, device: Described): void {
  const install = device.signer
    ? ""
    : ',"cmd_t":' + quoted(device.prefix + "cmd/update") + ',"pl_inst":"install"';
  const state = ',"stat_t":' + quoted(device.prefix + "update") + ',"val_tpl":' + quoted(stateTemplate());
  addEntity(made, "update", "update", "update", ',"ent_cat":"config","dev_cla":"firmware"' + state + install);
}

/** The entities of a pin. Home Assistant does not sign, so a key makes pins read-only. */
function describePin(made: Description, device: Described, pin: Pin, config: PinConfig): void {
  const name = pin.name;
  const topic = device.prefix + "pin/" + name;
  const key = "pin_" + name;
  const sets = device.signer ? "" : ',"cmd_t":' + quoted(topic + "/set");
  const classes = measured(config.unit, config.deviceClass);
  const onOff = ',"pl_on":"on","pl_off":"off"';
  let more = ',"stat_t":' + quoted(topic);
  let platform = "sensor";
  if (pin.kind === ANALOG_IN) more += ',"stat_cla":"measurement"' + classes;
  else if (pin.kind === PWM_OUT && sets) {
    platform = "number";
    more += sets + ',"min":0,"max":100,"unit_of_meas":"%"';
  } else if (pin.kind === PWM_OUT) more += ',"unit_of_meas":"%"';
  else if (pin.kind === DIGITAL_OUT && sets) {
    platform = "switch";
    more += sets + onOff + classes;
  } else {
    platform = "binary_sensor";
    more += onOff + classes;
  }
  addEntity(made, key, platform, name, more);
  for (let i = 0; i < 2 && pin.kind === DIGITAL_IN && pin.period; i++) {
    const press = i ? "long" : "short";
    const words =
      '_press","stype":' + quoted(name) + ',"t":' + quoted(topic + "/press") + ',"pl":"' + press + '"';
    add(made, key + "_" + press, "device_automation", ',"atype":"trigger","type":"button_' + press + words);
  }
}

/** An entity with a name and an identity. */
function addEntity(made: Description, key: Bytes, platform: Bytes, name: Bytes, more: Bytes): void {
  add(made, key, platform, ',"uniq_id":' + quoted(made.id + "_" + key) + ',"name":' + quoted(name) + more);
}

function add(made: Description, key: Bytes, platform: Bytes, more: Bytes): void {
  made.text += (made.entities && ",") + object(key, '"p":"' + platform + '"' + more);
  made.entities += key + ":" + platform + " ";
}

function object(key: Bytes, members: Bytes): Bytes {
  return quoted(key) + ":{" + members + "}";
}

function measured(unit: Bytes, deviceClass: Bytes): Bytes {
  return (unit && ',"unit_of_meas":' + quoted(unit)) + (deviceClass && ',"dev_cla":' + quoted(deviceClass));
}
