// Home Assistant's MQTT discovery: one retained message that describes the device and all its entities. It uses Home
// Assistant's abbreviations, because it has to fit into little memory.

import type { Bytes } from "../../board";
import { VERSION } from "../../config/boot";
import type { Link } from "../../link/rungs";
import { ERROR, say } from "../../log";
import { publish } from "../../mqtt/request";
import { SUCCESS } from "../../mqtt/spec";
import { LATEST } from "../../mqtt/state";
import type { PinConfig } from "../config-file";
import {
  ANALOG_IN,
  ANNOUNCED_FILE,
  type Device,
  DIGITAL_IN,
  DIGITAL_OUT,
  NO_TRIAL,
  type Pin,
  PWM_OUT,
  quoted,
} from "./record";

/** The topic where Home Assistant looks for this device, "" without discovery. */
function announcedTo(device: Device): Bytes {
  const id = idOf(device);
  return device.discoveryPrefix && device.discoveryPrefix + "/device/" + id + "/config";
}

/** The name of the device in the characters that Home Assistant allows. */
function idOf(device: Device): Bytes {
  const levels = device.prefix.split("/");
  return levels[levels.length - 2]!.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** Publishes the description. Removes an older one under another topic, or from before a new configuration. */
export function announce(link: Link, pins: { [name: Bytes]: PinConfig }): void {
  const device = link.own as Device;
  const topic = announcedTo(device);
  const before = link.board.readFile(ANNOUNCED_FILE) || "";
  if (before && (before !== topic || device.trial !== NO_TRIAL)) publish(link.client, before, "", 1, true);
  if (!topic) return saveTopic(link, before, "");
  const refused = publish(
    link.client,
    topic,
    describe(device, pins),
    1,
    true,
    function (reason) {
      if (reason === SUCCESS) saveTopic(link, before, topic);
    },
    LATEST,
  );
  if (refused > 127)
    say(link.log, ERROR, "device", "the discovery message was refused: 0x" + refused.toString(16));
}

/** Saves the topic of the description, so that it can be removed after a restart. */
function saveTopic(link: Link, before: Bytes, topic: Bytes): void {
  const why = before === topic ? "" : link.board.writeFile(ANNOUNCED_FILE, topic);
  if (why) say(link.log, ERROR, "device", "cannot save the topic of the discovery message: " + why);
}

/** The keys are explained in Home Assistant's documentation of MQTT, under "supported abbreviations". */
function describe(device: Device, pins: { [name: Bytes]: PinConfig }): Bytes {
  const id = idOf(device);
  const at = quoted(device.prefix + "telemetry");
  let text =
    object("dev", '"ids":[' + quoted(id) + '],"name":' + quoted(id) + ',"mf":"Espruino","mdl":' +
        quoted(device.world.chip.chipName()) + ',"sw":' + quoted(VERSION)) + "," +
    object("o", '"name":"espruino-mqtt-ws","sw":' + quoted(VERSION)) +
    ',"avty_t":' + quoted(device.prefix + "status") +
    ",\"avty_tpl\":\"{{ 'online' if value_json.state == 'online' else 'offline' }}\"" +
    ',"qos":1,"cmps":{'; // biome-ignore format: one part a line
  for (let i = 0; i < device.pins.length; i++)
    text += describePin(device, device.pins[i]!, pins[device.pins[i]!.name]!, id);
  const diagnosis = ',"ent_cat":"diagnostic","stat_cla":"measurement","stat_t":' + at;
  const numbers = ["rssi", "dBm", "signal_strength", "jsVars", "", "", "uptimeS", "s", "duration"];
  for (let i = 0; i < numbers.length; i += 3) {
    const name = numbers[i]!;
    text +=
      entity(
        id,
        name,
        "sensor",
        name,
        diagnosis + ',"val_tpl":"{{ value_json.' + name + ' }}"' + measured(numbers[i + 1]!, numbers[i + 2]!),
      ) + ",";
  }
  const restart = device.signer
    ? ""
    : entity(
        id,
        "restart",
        "button",
        "restart",
        ',"ent_cat":"config","dev_cla":"restart","cmd_t":' + quoted(device.prefix + "cmd/restart"),
      );
  return (
    "{" +
    text +
    (restart ||
      entity(id, "pingMs", "sensor", "pingMs", diagnosis + ',"val_tpl":"{{ value_json.pingMs }}"')) +
    "}}"
  );
}

/** The entities of a pin, each followed by a comma. Home Assistant does not sign, so a key makes pins read-only. */
function describePin(device: Device, pin: Pin, config: PinConfig, id: Bytes): Bytes {
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
  let text = entity(id, key, platform, name, more) + ",";
  for (let i = 0; i < 2 && pin.kind === DIGITAL_IN && pin.period; i++) {
    const press = i ? "long" : "short";
    text += object(key + "_" + press,
      '"p":"device_automation","atype":"trigger","type":"button_' + press + '_press","stype":' + quoted(name) +
      ',"t":' + quoted(topic + "/press") + ',"pl":"' + press + '"') + ","; // biome-ignore format: as it is sent
  }
  return text;
}

function entity(id: Bytes, key: Bytes, platform: Bytes, name: Bytes, more: Bytes): Bytes {
  return object(
    key,
    '"p":"' + platform + '","uniq_id":' + quoted(id + "_" + key) + ',"name":' + quoted(name) + more,
  );
}

function object(key: Bytes, members: Bytes): Bytes {
  return quoted(key) + ":{" + members + "}";
}

function measured(unit: Bytes, deviceClass: Bytes): Bytes {
  return (unit && ',"unit_of_meas":' + quoted(unit)) + (deviceClass && ',"dev_cla":' + quoted(deviceClass));
}
