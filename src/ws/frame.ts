// RFC 6455 frames (5.2) to and from bytes, for a client. Knows no socket and no handshake.
// The reader passes the payload of data frames on as it arrives. It keeps up to MAX_WHOLE bytes until they are whole (engine 37).

import type { Bytes } from "../board";
import { chars, readU16, u16, wellFormed } from "../mqtt/bytes";

/** Opcodes (11.8). */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;
/** Added to the opcode of a frame of ours that is not the last one of its message: FIN is 0. */
export const MORE = 0x80;

/** Status codes of a CLOSE (7.4.1). */
export const STATUS_NORMAL = 1000;
export const STATUS_GOING_AWAY = 1001;
export const STATUS_PROTOCOL_ERROR = 1002;
export const STATUS_UNSUPPORTED_DATA = 1003;
/** Stands for a CLOSE without a code; never on the wire. */
export const NO_STATUS = 1005;
export const STATUS_INVALID_PAYLOAD = 1007;
/** IANA registers these (11.7). With 1012 the server says that it restarts, with 1013 that it is overloaded. */
export const STATUS_SERVICE_RESTART = 1012;
export const STATUS_TRY_AGAIN_LATER = 1013;

/** First byte of a whole message in one frame: FIN, no RSV bit, BINARY. */
export const WHOLE_MESSAGE = "\x82";

/** Longest payload of a control frame, in bytes (5.5). */
export const MAX_CONTROL = 125;

/** Added to the result of {@link readFrames} when something waits until the chunk is read. Beyond all close codes (7.4). */
export const WAITS = 0x10000;

/** Longest payload that is read whole, in bytes: no more than the engine gives at a time (engine 37). */
export const MAX_WHOLE = 536;

export interface FrameReader {
  /** Bytes of a header, a control frame, or the payload of a short data frame, that is not complete. */
  unread: Bytes;
  /** Payload bytes of the current data frame that are still to come. */
  payloadLeft: number;
  /** 1 inside a fragmented message: its last frame (FIN) has not begun. */
  more: number;
  /** 1 when reading stops: after a CLOSE, or when the owner has set it. */
  over: number;
  /** `onFrame` is called only where the level of the log is at least `shownAt`. */
  log: { level: number };
  shownAt: number;
  receiver: unknown;
  /** Some payload of a data frame, at least one byte. A result other than 0 says that something waits. */
  onPayload(receiver: unknown, payload: Bytes): number;
  /** A data frame begins; `length` is that of its payload in bytes. */
  onFrame(reader: FrameReader, length: number): void;
  /** A whole control frame. A CLOSE is reported only if it is correct. */
  onControl(reader: FrameReader, opcode: number, payload: Bytes): void;
}

/**
 * Takes the next bytes of the connection, in any pieces.
 * @returns 0 to go on; else the code to close with: 1002, 1003, 1007, or the peer's own when it sent a CLOSE. {@link WAITS} is
 *   added when something waits
 * @resident
 */
export function readFrames(reader: FrameReader, bytes: Bytes): number {
  let at = 0;
  let waits = 0;
  if (reader.unread) {
    // In place: the engine copies `unread + bytes`.
    reader.unread += bytes;
    bytes = reader.unread;
    reader.unread = "";
  }
  const size = bytes.length;
  while (at < size && !reader.over) {
    let left = reader.payloadLeft;
    if (!left) {
      left = bytes.charCodeAt(at + 1);
      // The usual frame of a broker, recognized by one comparison (engine 23).
      if (!reader.more && left < 127 && bytes[at] === WHOLE_MESSAGE && (left < 126 || at + 3 < size)) {
        at += 2;
        if (left > 125) {
          left = bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
          at += 2;
        }
        reader.payloadLeft = left;
        if (reader.log.level >= reader.shownAt) {
          reader.onFrame(reader, left);
          if (reader.over) return waits;
        }
      } else {
        left = 0;
        at = readFrameHeader(reader, bytes, at);
        if (at <= 0) return waits - at;
      }
    }
    const here = size - at;
    if (left > here && left <= MAX_WHOLE) {
      // Each piece of a packet costs as much as a packet.
      reader.unread = bytes.substr(at);
      return waits;
    }
    if (left && here) {
      reader.payloadLeft = left < here ? 0 : left - here;
      // Mostly a chunk is all payload: then it is not copied. Never ask for more bytes than there are (engine 4).
      const payload = left < here ? bytes.substr(at, left) : at ? bytes.substr(at) : bytes;
      at += left;
      if (reader.onPayload(reader.receiver, payload)) waits = WAITS;
    }
  }
  return waits;
}

/**
 * Reads any header at `at`, and a control frame as a whole.
 * @returns where reading goes on; the end of the bytes if there are too few; a negative close code if the frame is bad
 */
function readFrameHeader(reader: FrameReader, bytes: Bytes, at: number): number {
  const small = bytes.charCodeAt(at + 1) & 127;
  const opcode = bytes.charCodeAt(at) & 15;
  const start = at + (small < 126 ? 2 : small < 127 ? 4 : 10);
  const end = opcode < CLOSE ? start : start + small;
  let code = bytes.length > at + 1 ? checkFrameHeader(reader, bytes, at) : 0;
  if (!code && bytes.length < end) {
    reader.unread = bytes.substr(at);
    return bytes.length;
  }
  if (code) return -code;
  const header = bytes.substring(at, end);
  code = opcode < CLOSE ? beginData(reader, header) : takeControl(reader, header);
  return code ? -code : end;
}

/**
 * Begins a data frame whose header is complete. Returns 0, or a close code.
 */
function beginData(reader: FrameReader, header: Bytes): number {
  // 5.2: the most significant bit of a 64-bit length is 0.
  if (header.length > 4 && header.charCodeAt(2) > 127) return STATUS_PROTOCOL_ERROR;
  let length = header.length > 2 ? 0 : header.charCodeAt(1);
  for (let at = 2; at < header.length; at += 2) length = length * 65536 + readU16(header, at);
  reader.payloadLeft = length;
  reader.more = header.charCodeAt(0) < 128 ? 1 : 0;
  if (reader.log.level >= reader.shownAt) reader.onFrame(reader, length);
  return 0;
}

/**
 * Checks the first two bytes of a header (5.2, 5.4, 5.5). Returns 0, or a close code.
 */
function checkFrameHeader(reader: FrameReader, bytes: Bytes, at: number): number {
  const first = bytes.charCodeAt(at);
  const second = bytes.charCodeAt(at + 1);
  const opcode = first & 15;
  // The client offers no extension, so no RSV bit is allowed (5.2). A server does not mask (5.1).
  if (first & 0x70 || second & 0x80 || opcode > PONG) return STATUS_PROTOCOL_ERROR;
  // Control frames are short and not fragmented (5.5).
  if (opcode >= CLOSE) return first < 128 || second > MAX_CONTROL ? STATUS_PROTOCOL_ERROR : 0;
  // A continuation needs a message that has begun; no other data frame may come inside one (5.4).
  if (opcode > BINARY || (opcode === CONTINUATION) !== (reader.more === 1)) return STATUS_PROTOCOL_ERROR;
  // MQTT Control Packets come in binary frames [MQTT-6.0.0-1].
  return opcode === TEXT ? STATUS_UNSUPPORTED_DATA : 0;
}

/** Handles a whole control frame. Returns 0, or for a CLOSE the code to answer with (5.5.1). */
function takeControl(reader: FrameReader, whole: Bytes): number {
  const opcode = whole.charCodeAt(0) & 15;
  const payload = whole.substr(2);
  if (opcode === CLOSE) {
    reader.over = 1;
    const code = payload ? readU16(payload, 0) : NO_STATUS;
    // Codes that must not be sent (7.4): NaN of a single byte, reserved codes, unassigned ranges.
    if (
      payload &&
      !((code > 999 && code < 1004) || (code > 1006 && code < 1015) || (code > 2999 && code < 5000))
    ) {
      return STATUS_PROTOCOL_ERROR;
    }
    if (!wellFormed(payload.substr(2), 1)) return STATUS_INVALID_PAYLOAD;
    reader.onControl(reader, opcode, payload);
    return code;
  }
  reader.onControl(reader, opcode, payload);
  return 0;
}

/** The frame before masking (5.1), for a log. */
export function unmasked(opcode: number, payload: Bytes): Bytes {
  return frameHeader(opcode, payload.length, 0) + payload;
}

/**
 * A header up to the masking key: FIN, opcode, MASK bit, length in the fewest bytes (5.2).
 */
export function frameHeader(opcode: number, length: number, maskBit: number): Bytes {
  if (length < 126) return chars(0x80 ^ opcode, maskBit | length);
  if (length < 65536) return chars(0x80 ^ opcode, maskBit | 126, length >> 8, length & 255);
  return chars(0x80 ^ opcode, maskBit | 127) + "\0\0\0\0" + u16(length >> 16) + u16(length & 65535);
}
