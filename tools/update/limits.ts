// Every deadline and every bound of `update`. Milliseconds of the PC's time.

/** From the call until the broker has accepted the connection. */
export const CONNECT_MS = 10_000;
/** The broker's answer to a PUBLISH, a SUBSCRIBE, an UNSUBSCRIBE. */
export const ANSWER_MS = 15_000;
/** No retained message came for this time: the broker has no more of them. A broker never says that it has sent all. */
export const QUIET_MS = 2_000;
/** All retained messages of one question. */
export const READ_MS = 120_000;
/** Seconds after which a connection without a sign of the broker is given up. */
export const KEEP_ALIVE_S = 30;

/** PUBLISH packets that wait for their acknowledgement at a time. */
export const IN_FLIGHT = 8;
/** Retained messages that one question may bring: 80 programs and more. */
export const MAX_MESSAGES = 8_192;
/** Characters of a text from a device that are shown. */
export const MAX_SHOWN = 100;
