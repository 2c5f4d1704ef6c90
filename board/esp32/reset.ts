// Why the chip was reset.

/** The causes that the chip's registers have for a supply voltage that came back, and for the end of a deep sleep. */
export const POWER_ON = 1;
export const DEEP_SLEEP = 5;
export const BROWN_OUT = 15;

/** The cause as a number, 0 where the chip does not tell it. */
export function causeOfReset(): number {
  const board = process.env.BOARD;
  const newer = board.substr(0, 7) === "ESP32C3" || board.substr(0, 7) === "ESP32S3";
  if (board.substr(0, 5) !== "ESP32") return 0;
  // The reset state register of the real-time controller. Its lowest six bits belong to the first processor.
  return peek32(newer ? 0x60008038 : 0x3ff48034) & 63;
}
