// Wi-Fi: joins a network through Espruino's Wifi module, and reports when it is lost.

import type { Network, Owner } from "../../src/board";

/** Milliseconds between disconnect and connect: the driver stops the radio a moment after the disconnect (engine 43). */
const OFF_MS = 1000;

/** Receives the loss of the network. */
let listener: Owner;

/** `anew` of {@link joinWifi} when the radio has been switched off for this attempt. */
const OFF = -1;

/** See Board.joinWifi. */
export function joinWifi(network: Network, owner: Owner, attempt: number, anew: number): void {
  const wifi = require("Wifi");
  listener = owner;
  wifi.removeAllListeners("disconnected");
  // `connect` on a station that is joined may never call back (engine 43). It may be joined since before the program began.
  if (!anew && wifi.getStatus().station === "connected") anew = 1;
  if (anew > 0) {
    // Switches the radio off and on: disconnect, wait, connect (engine 43).
    wifi.disconnect();
    setTimeout(function () {
      joinWifi(network, owner, attempt, OFF);
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
