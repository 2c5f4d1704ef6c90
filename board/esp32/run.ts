// Power-on: starts the firmware once the engine itself is ready.
import { type AppModule, boot } from "../../src/boot";
import type { Profile } from "../../src/profile/profile";
import { esp32 } from "./board";

export function run(app: AppModule, profile: Profile): void {
  // The engine restores its saved Wi-Fi after it has run this file, and would undo what is done here.
  setTimeout(function () {
    boot(esp32, app, profile);
  }, 0);
}
