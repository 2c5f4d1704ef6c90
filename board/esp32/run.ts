// Power-on: starts the firmware when the engine is ready.
import type { Connection } from "../../src/board";
import { type AppModule, boot } from "../../src/link/power-on";
import type { Profile } from "../../src/link/profile";
import { boardWith } from "./board";
import { restart, watchdog } from "./health";
import { joinWifi } from "./wifi";

export function run(app: AppModule, profile: Profile, connection: Connection): void {
  // Later: the engine restores its saved Wi-Fi after it has run this file (engine 44).
  setTimeout(function () {
    boot(boardWith(connection, { joinWifi, restart, watchdog }), app, profile);
  }, 0);
}
