// The engine's random numbers are the same on every chip and after every boot until they are seeded.

/** Mixes register, serial number, clock and signal into what the generator already knows. */
export function seed(): void {
  // The random number register of each chip; with the radio on, it is fed by noise.
  const registers: [board: string, address: number][] = [
    ["ESP32C3", 0x600260b0],
    ["ESP32S3", 0x60035110],
    ["ESP32", 0x3ff75144],
  ];
  let mix = E.hwRand() ^ (getTime() * 1000003);
  const board = process.env.BOARD;
  for (let i = 0; i < registers.length; i++) {
    if (board.indexOf(registers[i]![0]) === 0) {
      mix ^= peek32(registers[i]![1]);
      break;
    }
  }
  const salt = getSerial() + require("Wifi").getDetails().rssi;
  for (let i = 0; i < salt.length; i++) mix = (mix * 31 + salt.charCodeAt(i)) | 0;
  // A zero in either half would stop one of the generator's two parts for good.
  E.srand(mix | (mix & 0xffff ? 0 : 1) | (mix >>> 16 ? 0 : 0x10000));
}
