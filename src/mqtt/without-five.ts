// `#five` (package.json) in builds without MQTT 5: what 3.1.1 answers where ./v5/five.ts would be asked. FIVE is false
// when the bundle is built, so the bundler leaves out the questions, and these answers with them.

import { SUCCESS } from "./spec";
import type * as Five from "./v5/five";

export const FIVE: boolean = false;
export const begin5: typeof Five.begin5 = () => {};
export const opening5: typeof Five.opening5 = () => "";
export const will5: typeof Five.will5 = () => "";
export const restored5: typeof Five.restored5 = () => {};
export const refuseAll5: typeof Five.refuseAll5 = () => {};
export const head5: typeof Five.head5 = () => "";
export const sent5: typeof Five.sent5 = () => {};
export const name5: typeof Five.name5 = () => true;
export const allowed5: typeof Five.allowed5 = (_client, flags) => flags;
export const refuse5: typeof Five.refuse5 = () => SUCCESS;
export const thawed5: typeof Five.thawed5 = () => {};
export const second5: typeof Five.second5 = () => {};
export const fall5: typeof Five.fall5 = (_client, reason) => reason;
export const class5: typeof Five.class5 = (reason) => reason;
export const words5: typeof Five.words5 = () => "";
