// What a device does all day has a short way: one function that does the same as the general path with a fraction of its calls
// (engine 23). It leaves for the general path before it has changed anything, the moment something is unusual. `#short`
// (package.json) is this file, or ../without-short.ts in builds that save the memory of these functions.

export { answerComes } from "./answer-comes";
export { keep } from "./keep";
export { messageComes } from "./message-comes";
export { sendWaiting } from "./send-waiting";

/** Whether this build has the short ways. A constant, so other builds drop the code that depends on it. */
export const SHORT: boolean = true;
