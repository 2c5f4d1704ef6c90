// PUBLISH packets of a server, put together from the standard's table (3.3).

export function u16(n: number): string {
  return String.fromCharCode(n >> 8, n & 255);
}

/** At QoS 0. */
export function publishPacket(topic: string, payload: string): string {
  const rest = u16(topic.length) + topic + payload;
  const length =
    rest.length < 128
      ? String.fromCharCode(rest.length)
      : String.fromCharCode((rest.length & 127) | 128, rest.length >> 7);
  return `\x30${length}${rest}`;
}
