// Seeds the engine's random numbers, which are otherwise the same on every chip and after every boot (engine 42).

/** Address of the chip's random number register, which noise feeds while the radio is on; 0 where none is known. */
function randomRegister(): number {
  const board = process.env.BOARD;
  const is = board.substr(0, 5) === "ESP32" ? board.substr(5, 2) : board;
  // No table (engine 16).
  return is === "C3" ? 0x600260b0 : is === "S3" ? 0x60035110 : is === board ? 0 : 0x3ff75144;
}

/** What the board has of noise, as a text: the register, the engine's generator, time, signal, serial number. */
export function noise(): string {
  const register = randomRegister();
  let text = getSerial() + " " + require("Wifi").getStatus().rssi;
  for (let i = 0; i < 8; i++) text += " " + E.hwRand() + " " + (register && peek32(register));
  return text + " " + getTime();
}

/** See Board.seed. Mixes random register, serial number, clock and signal into the state of the generator. */
export function seed(): number {
  const register = randomRegister();
  let mix = E.hwRand() ^ (getTime() * 1000003);
  if (register) mix ^= peek32(register);
  const salt = getSerial() + require("Wifi").getStatus().rssi;
  for (let i = 0; i < salt.length; i++) mix = (mix * 31 + salt.charCodeAt(i)) | 0;
  // A zero in either half would stop one of the generator's two parts.
  E.srand(mix | (mix & 0xffff ? 0 : 1) | (mix >>> 16 ? 0 : 0x10000));
  return register && 1;
}
