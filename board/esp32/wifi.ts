// Espruino's Wifi module as the radio of src/board.ts.

import type { Network, Radio } from "../../src/board";

export function join(network: Network, radio: Radio, _anew: number): void {
  const wifi = require("Wifi");
  wifi.removeAllListeners("disconnected");
  wifi.on("disconnected", function (details) {
    radio.left(details.msg);
  });
  try {
    // A new board is an access point of its own, open to everybody.
    wifi.stopAP();
    if (network.hostname) wifi.setHostname(network.hostname);
    wifi.connect(network.ssid, { password: network.password }, function (error) {
      radio.joined(error || "");
    });
  } catch (error) {
    radio.joined("" + error);
  }
}
