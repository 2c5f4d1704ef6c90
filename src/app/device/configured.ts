// The device's part of config.json, read again when it is wanted: it is not kept in memory.

import type { Link } from "../../link/rungs";
import type { AppsConfigFile, DeviceConfig } from "../config-file";

/** The part of config.json that is the device's, defaults filled in where they matter here. */
export function configured(link: Link): DeviceConfig {
  const config = link.board.parseJson(link.board.readFile("config.json") || "") as AppsConfigFile;
  const it = (config && config.device) || ({} as DeviceConfig);
  it.pins = it.pins || {};
  for (const name in it.pins) {
    const pin = it.pins[name];
    // One with a mistake was left out.
    if (!pin || typeof pin !== "object") continue;
    pin.unit = pin.unit || "";
    pin.deviceClass = pin.deviceClass || "";
  }
  return it;
}
