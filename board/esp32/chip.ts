// The facts about the chip and the engine (Chip of src/board.ts). Only builds of applications that use them have this file.

import type { Bytes, Chip } from "../../src/board";
import {
  answerUdp,
  closeAir,
  deafen,
  deafenUdp,
  leaveAir,
  listenTcp,
  openAir,
  part,
  pressed,
  tell,
} from "./access-point";
import { causeOfReset } from "./reset";

export const chip: Chip = {
  chipName() {
    return process.env.BOARD;
  },
  engineVersion() {
    return process.version;
  },
  ownAddress() {
    try {
      return require("Wifi").getIP().ip;
    } catch (_) {
      return "0.0.0.0";
    }
  },
  signal() {
    return require("Wifi").getStatus().rssi || 0;
  },
  heapLeft() {
    try {
      return ESP32.getState().freeHeap;
    } catch (_) {
      return 0;
    }
  },
  varsLeft() {
    return process.memory().free;
  },
  resetCause() {
    const cause = causeOfReset();
    const words: { [cause: number]: Bytes } = {};
    words[1] = "power on";
    words[3] = words[12] = "restarted by the program";
    words[5] = "woke up from deep sleep";
    words[7] = words[8] = words[9] = words[13] = words[16] = "watchdog";
    words[15] = "the supply voltage was too low";
    return words[cause] || (cause ? "reset cause " + cause : "");
  },
  scanAir(done) {
    require("Wifi").scan(done);
  },
  after(ms, callback) {
    setTimeout(callback, ms);
  },
  pressed,
  openAir,
  closeAir,
  leaveAir,
  listenTcp,
  deafen,
  tell,
  part,
  answerUdp,
  deafenUdp,
};
