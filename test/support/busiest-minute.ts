/** Most of these times, in ms, that fell into any minute. */
export function busiestMinute(times: number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}
