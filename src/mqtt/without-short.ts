// `#short` (package.json) in builds without the short ways: everything is unusual. SHORT is false when the bundle is built, so the
// bundler leaves out the questions, and these answers with them.

import type * as Short from "./short/ways";
import { DELIVERIES } from "./state";

export const SHORT: boolean = false;
export const messageComes: typeof Short.messageComes = () => DELIVERIES;
export const answerComes: typeof Short.answerComes = () => DELIVERIES;
export const keep: typeof Short.keep = () => DELIVERIES;
export const sendWaiting: typeof Short.sendWaiting = () => DELIVERIES;
