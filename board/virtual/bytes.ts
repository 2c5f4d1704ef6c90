// Byte strings: one character (0..255) for each byte, as every string is on the ESP32. Here are the conversions, and
// the rule that a character above 255 is a mistake.

/**
 * A value as the byte string that the chip would send, print or store.
 * @param where names the receiver in the error.
 * @throws Error when a character does not fit in a byte: the board has no such character, so the firmware is wrong.
 */
export function asBytes(value: unknown, where: string): string {
  const text = String(value);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) {
      const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
      throw new Error(`${where}: character ${i} is ${name}, but strings are bytes (encode it as UTF-8)`);
    }
  }
  return text;
}

/** The byte string's bytes. */
export function toBuffer(bytes: string): Buffer {
  return Buffer.from(bytes, "latin1");
}

/** The byte string that holds these bytes. */
export function fromBuffer(buffer: Uint8Array): string {
  return Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString("latin1");
}

/** Ordinary text as UTF-8 bytes, as an upload would store it. */
export function fromText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** UTF-8 bytes as ordinary text, as a terminal would show them. */
export function toText(bytes: string): string {
  return toBuffer(bytes).toString("utf8");
}

/**
 * The bytes of what `E.toString`, `E.toUint8Array` and `btoa` accept: strings, numbers, typed arrays, array buffers,
 * `{data, count}`, and arrays of these.
 */
export function flatten(value: unknown, into: number[] = []): number[] {
  if (typeof value === "string") {
    asBytes(value, "E");
    for (let i = 0; i < value.length; i++) into.push(value.charCodeAt(i));
  } else if (ArrayBuffer.isView(value)) {
    for (const item of value as Uint8Array) into.push(item & 0xff);
  } else if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") {
    for (const item of new Uint8Array(value as ArrayBuffer)) into.push(item);
  } else if (Array.isArray(value)) {
    for (const item of value) flatten(item, into);
  } else if (value !== null && typeof value === "object" && "data" in value) {
    const { data, count = 1 } = value as { data: unknown; count?: number };
    for (let i = 0; i < count; i++) flatten(data, into);
  } else {
    into.push(Number(value) & 0xff);
  }
  return into;
}
