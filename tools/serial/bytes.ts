// Byte strings as the board's console needs them: JavaScript literals, numbers for people.

/** A JavaScript literal for a string of these bytes, in printable ASCII. */
export function literal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${text}"`;
}

/** A size or checksum for people. */
export function hex32(n: number): string {
  return n.toString(16).padStart(8, "0");
}
