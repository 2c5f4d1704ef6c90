// Replies and frames of a WebSocket server, made from the tables of RFC 6455 without any code of the firmware. Text in
// them is bytes, one character each.

/** Bytes written as hex pairs; white space is for the reader. */
export function hex(text: string): string {
  return Buffer.from(text.replace(/\s/g, ""), "hex").toString("latin1");
}

/** A frame of a server (5.2): first byte, length in the fewest bytes, payload. */
export function serverFrame(first: number, payload = ""): string {
  const n = payload.length;
  const header = Buffer.alloc(n < 126 ? 2 : n < 65536 ? 4 : 10);
  header[0] = first;
  header[1] = n < 126 ? n : n < 65536 ? 126 : 127;
  if (n > 125 && n < 65536) header.writeUInt16BE(n, 2);
  if (n > 65535) header.writeBigUInt64BE(BigInt(n), 2);
  return header.toString("latin1") + payload;
}

/** A CLOSE with a code and a reason (5.5.1). */
export function closeFrame(code: number, reason = ""): string {
  return serverFrame(0x88, String.fromCharCode(code >> 8, code & 255) + reason);
}

/** A frame of a client, taken apart. */
export interface ClientFrame {
  first: number;
  payload: string;
}

/** One whole masked frame (5.3) and nothing behind it; throws when it is not. */
export function parseClientFrame(bytes: string): ClientFrame {
  const b = Buffer.from(bytes, "latin1");
  if (!(b[1]! & 0x80)) throw new Error("a frame of a client must be masked");
  const small = b[1]! & 0x7f;
  const length = small < 126 ? small : small < 127 ? b.readUInt16BE(2) : Number(b.readBigUInt64BE(2));
  const key = small < 126 ? 2 : small < 127 ? 4 : 10;
  if (b.length !== key + 4 + length) throw new Error(`${b.length} bytes are not one frame of ${length}`);
  const payload = b.subarray(key + 4).map((byte, i) => byte ^ b[key + (i % 4)]!);
  return { first: b[0]!, payload: Buffer.from(payload).toString("latin1") };
}

/** A correct reply to an upgrade request (4.2.2), or a reply with other header lines. */
export function reply(
  lines = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: x",
    "Sec-WebSocket-Protocol: mqtt",
  ],
  status = "HTTP/1.1 101 Switching Protocols",
): string {
  return `${[status, ...lines].join("\r\n")}\r\n\r\n`;
}
