// Every deadline and every bound of flash.sh and the monitor. Milliseconds of the PC's time unless the name says
// otherwise.

/** Speed of Espruino's console on the ESP32. */
export const BAUD = 115200;
/** Speed for esptool. */
export const ESPTOOL_BAUD = 460800;

/** Opening a port; a faulty driver blocks. */
export const OPEN_MS = 5_000;
/** Handing bytes to the driver. */
export const WRITE_MS = 5_000;
/** From the first knock until the board answers with its name. A packet that was cut off blocks its console for 5 s. */
export const CONTACT_MS = 9_000;
/** The same after a reset: the first boot of a new Espruino formats its Storage. */
export const BOOT_MS = 20_000;
/** Time between two knocks. */
export const KNOCK_MS = 700;
/** The board's answer to one expression. */
export const ANSWER_MS = 6_000;
/** The same for long work: checksums, writing flash. */
export const FLASH_MS = 20_000;
/** Compaction of the whole Storage. */
export const COMPACT_MS = 120_000;
/** Period of the board's watchdog during an upload, in seconds: longer than any single step of the board. */
export const WATCHDOG_S = 300;
/** The reason that follows a refusal. */
export const REASON_MS = 500;
/** How long the reset line is held. */
export const RESET_PULSE_MS = 100;
/** From the restart until the link is up: joining (40 s), connecting, and one retry of both. */
export const LINK_UP_MS = 120_000;
/** Time between two looks for a port that is gone. */
export const REATTACH_MS = 500;
/** Time between two questions for free memory, for the status line. */
export const MEMORY_POLL_MS = 10_000;

/** A build, a fetch of the module, esptool's version, esptool's work. */
export const BUILD_MS = 180_000;
export const FETCH_MS = 60_000;
export const ESPTOOL_VERSION_MS = 30_000;
export const ESPTOOL_MS = 600_000;

/** Bytes of a file in one packet. Each may become five characters; a packet holds 8,191. */
export const CHUNK_BYTES = 512;
/** How often a file is written again when it reads back differently. */
export const WRITE_TRIES = 2;
/** How often a question is asked that the board refuses, because it may have arrived garbled; or that it ignores. */
export const ASK_TRIES = 8;
export const SILENCE_TRIES = 2;
/**
 * Bytes that a console takes at once after it has lost some: Espruino 2v29 loses what follows the 64th byte of a burst on
 * some ESP32s (its issue 2718). And the pause between two such pieces, in which it reads them: its reader waits up to
 * 50 ms for more.
 */
export const PIECE_BYTES = 60;
export const PIECE_PAUSE_MS = 60;
/** Pause before it is asked again, so that the rest of the garbled one is gone. */
export const ASK_AGAIN_MS = 100;
/** Longest line from a board; a longer one is cut in two. */
export const MAX_LINE_BYTES = 4096;
/** Largest text that can be the ws module. */
export const MAX_MODULE_BYTES = 65_536;
