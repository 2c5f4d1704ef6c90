// Power-on: starts the firmware once the engine itself is ready.
import type { Connection } from "../../src/board";
import { type AppModule, boot } from "../../src/link/power-on";
import type { Profile } from "../../src/link/profile";
import { boardWith } from "./board";
import { restart, watchdog } from "./health";
import { joinWifi } from "./wifi";

export function run(app: AppModule, profile: Profile, connection: Connection): void {
  // The engine restores its saved Wi-Fi after it has run this file, and would undo what is done here.
  setTimeout(function () {
    boot(boardWith(connection, { joinWifi, restart, watchdog }), app, profile);
  }, 0);
}
