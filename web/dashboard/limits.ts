// Every bound and every deadline of the live page. A device may say anything, as often as it likes.

/** Devices that are shown; further ones are counted. */
export const MAX_DEVICES = 1_000;
/** Pins of one device: it has 16 at most, but topics may name others. */
export const MAX_PINS = 32;
/** Lines of a device's log, presses and commands that are kept. */
export const MAX_LINES = 500;
export const MAX_PRESSES = 50;
export const MAX_ORDERS = 50;
/** Channels with an offer. */
export const MAX_OFFERS = 50;
/** Points of a curve. Beyond that, the older half loses every second one: the curve still reaches back to its start. */
export const MAX_POINTS = 4_000;
/** Bytes of a message that is read at all. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Characters of a value that are shown, and of an answer. */
export const MAX_SHOWN = 200;
export const MAX_ANSWER = 8_000;
/** Bytes of a command that a device takes. */
export const MAX_COMMAND_BYTES = 1_024;

/** From the request until the broker has answered. */
export const CONNECT_MS = 10_000;
/** Between two attempts to connect. */
export const RETRY_MS = 3_000;
export const KEEP_ALIVE_S = 30;
/** From a command to its answer; a scan takes longer, and so does a change of a pin at a pulse's end. */
export const ANSWER_MS = 10_000;
export const SCAN_MS = 30_000;
/** From an accepted configuration until the board has told what became of it: 120 s of trial, two boots. */
export const TRIAL_MS = 240_000;
/** How often "5 min ago" is written again. */
export const AGE_EVERY_MS = 10_000;
