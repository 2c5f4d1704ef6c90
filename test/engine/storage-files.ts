// The files in an engine's flash, read by the PC: the layout of Espruino's jsflash.
const HEADER_BYTES = 32;
const SIZE_BITS = 0xffffff;

/** The files of a Storage by their names, as byte strings. Files that were erased or replaced are left out. */
export function filesIn(flash: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = 0;
  while (at + HEADER_BYTES <= flash.length && flash.readUInt32LE(at) !== 0xffffffff) {
    const size = flash.readUInt32LE(at) & SIZE_BITS;
    const begin = at + HEADER_BYTES;
    const name = flash.toString("latin1", at + 4, begin).replace(/\0.*$/s, "");
    if (name) files.set(name, flash.toString("latin1", begin, begin + size));
    at = (begin + size + 3) & ~3;
  }
  return files;
}
