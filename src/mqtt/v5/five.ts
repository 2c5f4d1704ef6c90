// What the conversation of 3.1.1 asks MQTT 5 for, in builds that speak it: `#five` (package.json) is this file there. In
// all others it is ../without-five.ts, so their bundles cannot hold a line of this folder.

export { begin5, opening5, will5 } from "./connect";
export { class5, fall5, words5 } from "./ending";
export { second5, thawed5 } from "./expiry";
export { head5, refuse5, sent5 } from "./outgoing";
export { restored5 } from "./restored";

/** Whether this build speaks MQTT 5. Known when it is built: what stands behind a question for it costs others nothing. */
export const FIVE: boolean = true;
