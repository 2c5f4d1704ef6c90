// The chip's pins under Espruino (Pins of src/board.ts). A pin is a text like "D5": the engine accepts it in place of a Pin.
// Only builds of applications that use pins have this file.

import type { Bytes, Pins } from "../../src/board";

export const pins: Pins = {
  unfit(pin, use) {
    const chip = process.env.BOARD.split("_")[0]!;
    // Numbers of pins: free for any use; input only; with analog input. Pins of the flash and the console, and pins without a
    // connector, are left out. board/chips has the same lists.
    const list =
      chip === "ESP32"
        ? "0 2 4-5 12-23 25-27 32-33;34-39;32-39"
        : chip === "ESP32C3"
          ? "0-10 18-19;;0-4"
          : chip === "ESP32S3"
            ? "0-21 38-42 45-48;;"
            : "";
    const table = list.split(";");
    const number = parseInt(pin.substr(1), 10);
    if (!/^D\d+$/.test(pin)) return "a pin is named D0, D1, ...";
    // The engine runs on another chip: allow every pin.
    if (!list) return "";
    const outputs = isAmong(number, table[0]!);
    if (!outputs && !isAmong(number, table[1]!))
      return "no free pin of " + chip + ", see board/chips/" + chip + ".json";
    if (use === "analog") return isAmong(number, table[2]!) ? "" : "cannot be measured on " + chip;
    return use === "input" || outputs ? "" : "an input only on " + chip;
  },
  // The engine's own function: a call of ours less (engine 23).
  setLevel: digitalWrite,
  dim(pin, share, hz) {
    analogWrite(pin, share, { freq: hz });
  },
  getLevel(pin) {
    return digitalRead(pin) ? 1 : 0;
  },
  measure(pin) {
    return analogRead(pin);
  },
  follow(pin, pull, debounceMs, report) {
    reporter = report;
    pinMode(pin, pull === "none" ? "input" : "input_pull" + pull);
    setWatch(onWatch, pin, { repeat: true, edge: "both", debounce: debounceMs });
  },
};

/** One listener for all pins (engine 46). */
let reporter: (pin: Bytes, level: number, ms: number) => void;

function onWatch(event: EspruinoPinEvent): void {
  const ms = ((event["time"] as number) - (event["lastTime"] as number)) * 1000;
  // The first time `ms` is NaN.
  reporter("" + event["pin"], event["state"] ? 1 : 0, ms > 0 ? ms : 0);
}

/** Whether a number is in a list like "0 2 4-5". */
function isAmong(number: number, list: Bytes): boolean {
  const ranges = list.split(" ");
  for (let i = 0; i < ranges.length; i++) {
    const ends = ranges[i]!.split("-");
    if (number >= parseInt(ends[0]!, 10) && number <= parseInt(ends[1] || ends[0]!, 10)) return true;
  }
  return false;
}
