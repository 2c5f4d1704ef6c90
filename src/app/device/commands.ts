// The commands under `cmd/<name>`, once they have passed the guards (incoming.ts). Each one is answered in JSON.

import type { Bytes, Found } from "../../board";
import { type Link, UP } from "../../link/rungs";
import { DEBUG, say, WIRE } from "../../log";
import type { Properties } from "../../mqtt/v5/properties";
import { answer, failed } from "./answer";
import { changeConfig, showConfig } from "./config-change";
import { configured } from "./configured";
import { blink, outputNamed } from "./outputs";
import { leaveAndRestart } from "./presence";
import { type Device, MAX_FOUND, numberOf, quoted } from "./record";
import { nextReport, numbers } from "./telemetry";
import { obeyUpdate } from "./update/update";

/** Obeys `cmd/<name>` and answers. */
export function obey(link: Link, name: Bytes, words: Bytes, properties?: Properties): void {
  const device = link.own as Device;
  const given = numberOf(words);
  const number = given % 1 ? -1 : given;
  let text = '{"ok":true}';
  if (name === "restart") leaveAndRestart(link, "command restart");
  else if (name === "identify") {
    const pin = outputNamed(link, words || configured(link).identify);
    if (pin) blink(link, pin);
    else text = failed("expected the name of an output, here or in device.identify");
  } else if (name === "log") {
    if (number >= 0 && number <= WIRE) link.log.level = number;
    else text = failed("expected 0.." + WIRE);
  } else if (name === "telemetry") {
    if (number >= 0 && number <= 86400) {
      device.interval = number;
      device.reportIn = nextReport(link);
    } else text = failed("expected 0..86400 (s)");
  } else if (name === "memory") text = numbers(link);
  else if (name === "config-get") text = showConfig(link);
  else if (name === "config-set") {
    const wrong = changeConfig(link, device, words);
    if (wrong) text = failed(wrong);
    else {
      text = '{"ok":true,"trying":true}';
      leaveAndRestart(link, "command config-set");
    }
  } else if (name === "update") text = obeyUpdate(link, words);
  else if (name === "scan") return scan(link, properties);
  else
    text = failed(
      "unknown command: expected restart, identify, log, telemetry, memory, scan, config-get, config-set, update",
    );
  say(link.log, DEBUG, "device", "command " + name);
  answer(link, name, text, properties);
}

/** Looks for networks. The answer follows when the scan is done. */
function scan(link: Link, properties?: Properties): void {
  (link.own as Device).world.chip.scanAir(function (found) {
    let text = "";
    found.sort(function (a: Found, b: Found) {
      return b.rssi - a.rssi;
    });
    for (let i = 0; i < found.length && i < MAX_FOUND; i++) {
      const it = found[i]!;
      text +=
        (i ? "," : "") +
        '{"ssid":' +
        quoted(it.ssid) +
        ',"rssi":' +
        it.rssi +
        ',"channel":' +
        it.channel +
        "}";
    }
    if (link.state === UP) answer(link, "scan", "[" + text + "]", properties);
  });
}
