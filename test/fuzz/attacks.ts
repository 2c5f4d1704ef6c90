// Attacks of a hostile server, in any length: streams of about `n` bytes for a connection that is up.
import { serverFrame } from "../ws/server.ts";
import { MAX_PACKET } from "./firmware.ts";

const u16 = (n: number) => String.fromCharCode((n >> 8) & 255, n & 255);

/** Repeats `make` until there are n bytes. */
function flood(n: number, make: (i: number) => string): string {
  let bytes = "";
  for (let i = 0; bytes.length < n; i++) bytes += make(i);
  return bytes;
}

/** The same, in binary frames of several packets. */
function packets(n: number, make: (i: number) => string): string {
  return flood(n, (i) =>
    serverFrame(
      0x82,
      flood(400, (k) => make(i * 400 + k)),
    ),
  );
}

const publish = (flags: number, id: string, topic = "t", payload = "") =>
  String.fromCharCode(0x30 | flags, 2 + topic.length + id.length + payload.length) +
  u16(topic.length) +
  topic +
  id +
  payload;

export const ATTACKS: Record<string, (n: number) => string> = {
  "empty PINGs": (n) => flood(n, () => serverFrame(0x89)),
  "the longest PINGs": (n) => flood(n, () => serverFrame(0x89, "p".repeat(125))),
  "PONGs that nobody asked for": (n) => flood(n, () => serverFrame(0x8a, "p")),
  "empty frames": (n) => flood(n, () => serverFrame(0x82)),
  "empty fragments without end": (n) => serverFrame(0x02) + flood(n, () => serverFrame(0x00)),
  "a frame for each byte": (n) => flood(n, (i) => serverFrame(0x82, publish(0, "")[i % 5]!)),
  "a frame that never ends": (n) => `\x82\x7f\0\x1f${"\xff".repeat(6)}${publish(0, "").repeat(n / 5)}`,
  "messages at QoS 0": (n) => packets(n, () => publish(0, "")),
  "messages at QoS 1": (n) => packets(n, (i) => publish(2, u16((i % 65535) + 1))),
  "one message at QoS 2 again and again": (n) => packets(n, () => publish(12, u16(1))),
  "messages at QoS 2 that are never released": (n) => packets(n, (i) => publish(4, u16((i % 65535) + 1))),
  "messages at QoS 2, released": (n) =>
    packets(n, (i) => `${publish(4, u16((i % 65535) + 1))}\x62\x02${u16((i % 65535) + 1)}`),
  "releases of nothing": (n) => packets(n, (i) => `\x62\x02${u16((i % 65535) + 1)}`),
  "answers to nothing": (n) => packets(n, (i) => `\x40\x02${u16((i % 65535) + 1)}`),
  "receipts of nothing": (n) => packets(n, (i) => `\x50\x02${u16((i % 65535) + 1)}`),
  PINGRESPs: (n) => packets(n, () => "\xd0\0"),
  "a message of 268,435,455 bytes": (n) =>
    flood(n, (i) => serverFrame(0x82, `${i ? "" : "\x32\xff\xff\xff\x7f\0\x01t"}${"x".repeat(400)}`)),
  "a topic of 65,535 bytes": (n) =>
    flood(n, (i) => serverFrame(0x82, `${i ? "" : "\x30\x81\x80\x04\xff\xff"}${"t".repeat(400)}`)),
  "the longest topics, in UTF-8": (n) =>
    packets(n, () => publish(0, "", "\xf0\x9f\x98\x80".repeat((MAX_PACKET - 8) >> 2))),
  "the largest packets": (n) => packets(n, () => publish(0, "", "t", "x".repeat(MAX_PACKET - 5))),
  "a packet that never ends": (n) =>
    serverFrame(0x82, `\x30${String.fromCharCode(MAX_PACKET - 2)}\0\x01t`) +
    flood(n, () => serverFrame(0x89)),
};
