// Espruino's Wifi module as the radio of src/board.ts.

import type { Network, Owner } from "../../src/board";

/** Milliseconds that the radio stays off before it joins again: its driver stops it a moment after the disconnect. */
const OFF_MS = 1000;

/** Hears when the network is lost. */
let listener: Owner;

/** See Board.joinWifi. */
export function joinWifi(network: Network, owner: Owner, attempt: number, anew: number): void {
  const wifi = require("Wifi");
  listener = owner;
  wifi.removeAllListeners("disconnected");
  if (anew) {
    // Switches the radio off and on: disconnect, wait, connect (engine 43).
    wifi.disconnect();
    setTimeout(function () {
      joinWifi(network, owner, attempt, 0);
    }, OFF_MS);
    return;
  }
  wifi.on("disconnected", left);
  try {
    // A new board is an open access point, and its radio would never stop (engine 44).
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
  listener.onLeft(listener, details.msg);
}
