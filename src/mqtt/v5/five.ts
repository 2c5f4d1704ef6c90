// The functions of MQTT 5 that the conversation of 3.1.1 calls. `#five` (package.json) is this file in builds that speak
// MQTT 5. In all others it is ../without-five.ts, so their bundles hold no line of this folder.

export { begin5, opening5, will5 } from "./connect";
export { class5, fall5, words5 } from "./ending";
export { second5, thawed5 } from "./expiry";
export { name5 } from "./message";
export { allowed5, head5, refuse5, sent5 } from "./outgoing";
export { refuseAll5, restored5 } from "./restored";

/** Whether this build speaks MQTT 5. A constant, so other builds drop the code that depends on it. */
export const FIVE: boolean = true;
