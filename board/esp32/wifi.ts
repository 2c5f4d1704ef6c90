// Espruino's Wifi module as the radio of src/board.ts.

import type { Network, Owner } from "../../src/board";

/** How long the radio stays off when it is joined anew, in ms: its driver stops it a moment after the disconnect. */
const OFF_MS = 1000;

let told: Owner;

/** See Board.joinWifi. */
export function joinWifi(network: Network, owner: Owner, attempt: number, anew: number): void {
  const wifi = require("Wifi");
  told = owner;
  wifi.removeAllListeners("disconnected");
  if (anew) {
    // There is no call that switches the radio off. But the engine stops it when a station is told to disconnect and
    // has done so; the next connect starts it. A connect before that would only make the station try again, and one
    // on a station that waits for an answer in vain does nothing at all.
    wifi.disconnect();
    setTimeout(function () {
      joinWifi(network, owner, attempt, 0);
    }, OFF_MS);
    return;
  }
  wifi.on("disconnected", left);
  try {
    // A new board is an access point of its own, open to everybody. Its radio would also never stop.
    wifi.stopAP();
    if (network.hostname) wifi.setHostname(network.hostname);
    wifi.connect(network.ssid, { password: network.password }, function (error) {
      owner.onJoined(owner, attempt, error || "");
    });
  } catch (error) {
    owner.onJoined(owner, attempt, "" + error);
  }
}

function left(details: { msg: string }): void {
  told.onLeft(told, details.msg);
}
