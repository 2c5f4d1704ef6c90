// Espruino's Wifi module as the radio of src/board.ts.

import type { Network, Radio } from "../../src/board";

/** How long the radio stays off when it is joined anew, in ms: its driver stops it a moment after the disconnect. */
const OFF_MS = 1000;

/** See Board.join. */
export function join(network: Network, radio: Radio, anew: number): void {
  const wifi = require("Wifi");
  wifi.removeAllListeners("disconnected");
  if (anew) {
    // There is no call that switches the radio off. But the engine stops it when a station is told to disconnect and
    // has done so; the next connect starts it. A connect before that would only make the station try again, and one
    // on a station that waits for an answer in vain does nothing at all.
    wifi.disconnect();
    setTimeout(function () {
      join(network, radio, 0);
    }, OFF_MS);
    return;
  }
  wifi.on("disconnected", function (details) {
    radio.left(details.msg);
  });
  try {
    // A new board is an access point of its own, open to everybody. Its radio would also never stop.
    wifi.stopAP();
    if (network.hostname) wifi.setHostname(network.hostname);
    wifi.connect(network.ssid, { password: network.password }, function (error) {
      radio.joined(error || "");
    });
  } catch (error) {
    radio.joined("" + error);
  }
}
