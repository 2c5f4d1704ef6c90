// The figures of a chaos run, in one sentence.
import type { ChaosRun } from "./run.ts";

/** What happened, what it cost, and how to repeat it. */
export function figures(run: ChaosRun): string {
  const { options, storm, peer, got } = run;
  const kinds = Object.entries(storm.faults).sort(([, a], [, b]) => b - a);
  const sizes = (side: ChaosRun["got"]) => `${side[1].size} at QoS 1, ${side[2].size} at QoS 2`;
  const again = (qos: 1 | 2) => `${peer.got[qos].repeats} up and ${got[qos].repeats} down`;
  // Counted when all should be there.
  const lost = ([1, 2] as const).map(
    (qos) => peer.got[qos].missing(options.up).length + got[qos].missing(options.down).length,
  );
  return (
    `${options.profile === "v5" ? "MQTT 5" : "MQTT 3.1.1"}, ${options.transport === "lean" ? "own handshake" : "ws module"}; ` +
    `${sizes(peer.got)} up, ${sizes(got)} down; lost: ${lost[0]} and ${lost[1]}; ` +
    `${storm.total} faults (${kinds.map(([kind, n]) => `${n} ${kind}`).join(", ")}); ${run.logins} log-ins; ` +
    `again at QoS 1: ${again(1)}, at QoS 2: ${again(2)}; ` +
    `${run.seconds.toFixed(0)} s at speed ${options.speed}; CHAOS_SEED=${options.seed}`
  );
}
