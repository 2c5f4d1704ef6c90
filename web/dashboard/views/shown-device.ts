// What most views are given.

import type { App, Device } from "../records.ts";

export interface Shown {
  app: App;
  device: Device;
}
