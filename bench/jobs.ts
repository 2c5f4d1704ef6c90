// The jobs of `npm run bench:engine` whose speed is measured: their names are the rows of the table.

/** Messages of one kind, size and QoS, one at a time or many in one go. */
export interface SpeedJob {
  way: "publish" | "receive" | "nothing";
  /** Bytes of payload. */
  size: number;
  qos: 0 | 1 | 2;
  /** How many at a time, 1 if it is left out. */
  atOnce?: number;
}

/** Payloads that are measured, in bytes. */
export const SIZES = [20, 200, 1000];
/** Many at once: so many, of this size. Most of them do not fit into the unsent queue. */
const AT_ONCE = 40;
const AT_ONCE_SIZE = 500;

export const SPEED_JOBS: SpeedJob[] = (["publish", "receive"] as const).flatMap((way) => [
  ...SIZES.flatMap((size) => ([0, 1, 2] as const).map((qos): SpeedJob => ({ way, size, qos }))),
  ...([0, 1] as const).flatMap((qos): SpeedJob[] => [
    { way, size: AT_ONCE_SIZE, qos },
    { way, size: AT_ONCE_SIZE, qos, atOnce: AT_ONCE },
  ]),
]);

/** As the table has it: `publish 20 bytes, QoS 1`. */
export function jobName({ way, size, qos, atOnce }: SpeedJob): string {
  return `${way} ${size} bytes, QoS ${qos}${atOnce ? `, ${atOnce} at once` : ""}`;
}
