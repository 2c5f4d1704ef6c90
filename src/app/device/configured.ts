// The device's part of config.json. It is read again when needed, not kept in memory (engine 14).

import type { Link } from "../../link/rungs";
import { configText } from "../../link/trial";
import type { AppsConfigFile, DeviceConfig } from "../config-file";

/** `device` in config.json, with the defaults that identify and discovery need. */
export function configured(link: Link): DeviceConfig {
  const config = link.board.parseJson(configText(link.board) || "") as AppsConfigFile;
  const it = (config && config.device) || ({} as DeviceConfig);
  it.pins = it.pins || {};
  for (const name in it.pins) {
    const pin = it.pins[name];
    // A pin with a mistake was left out at boot.
    if (!pin || typeof pin !== "object") continue;
    pin.unit = pin.unit || "";
    pin.deviceClass = pin.deviceClass || "";
  }
  return it;
}
