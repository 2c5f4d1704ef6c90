// The stories: what happens to the broker, the network or the boards. Each returns when the broker could be reached again.
import type { Broker, Node } from "./brokers/broker.ts";
import type { Crew } from "./crew.ts";
import type { Front } from "./front.ts";

export interface Stage {
  broker: Broker;
  crew: Crew;
  front: Front;
  /** How long what is taken away stays away, in s. */
  awayS: number;
}

export interface Story {
  says: string;
  /** What a broker must have for it. */
  needs?: "balancer" | "nodes";
  /** A node is killed, and forgets what it had acknowledged. */
  kills?: boolean;
  /** Returns the time in ms from which on the broker can be reached. */
  run(stage: Stage): Promise<number>;
}

/** How long the server is busy, and the Wi-Fi is away, in s. */
const BUSY_S = 60;
const WIFI_S = 300;
/** Time between two nodes of a rolling restart, in s. */
const BETWEEN_S = 15;

export const STORIES: Record<string, Story> = {
  cold: {
    says: "all boards are switched on at once",
    async run({ crew }) {
      const at = Date.now();
      crew.begin(0);
      return at;
    },
  },
  node: {
    says: "one node is killed, and comes back",
    kills: true,
    async run({ broker, awayS }) {
      // The consumers are at the first node of a cluster.
      const node = broker.nodes.at(-1)!;
      const killed = Date.now();
      await node.kill();
      await wait(awayS);
      const back = await startedAt([node], broker);
      return broker.nodes.length > 1 ? killed : back;
    },
  },
  restart: {
    says: "all nodes are restarted",
    async run({ broker, awayS }) {
      await Promise.all(broker.nodes.map((node) => node.stop()));
      await wait(awayS);
      return startedAt(broker.nodes, broker);
    },
  },
  rolling: {
    says: "one node after the other is restarted",
    needs: "nodes",
    async run({ broker }) {
      const began = Date.now();
      for (const [i, node] of broker.nodes.entries()) {
        if (i > 0) await wait(BETWEEN_S);
        await node.stop();
        await node.start();
      }
      return began;
    },
  },
  balancer: {
    says: "the balancer is restarted",
    needs: "balancer",
    async run({ broker, awayS }) {
      await broker.balancer!.end();
      await wait(awayS);
      await broker.balancer!.launch();
      return Date.now();
    },
  },
  slow: {
    says: "all connections end, and the server takes 5 s for each CONNACK",
    async run(stage) {
      return behind(stage, "slow");
    },
  },
  busy: {
    says: "all connections end, and the server refuses with `server busy` for a minute",
    async run(stage) {
      behind(stage, "busy");
      await wait(BUSY_S);
      stage.front.manner = "pass";
      return Date.now();
    },
  },
  wifi: {
    says: "a third of the boards has no Wi-Fi for 5 minutes",
    async run({ crew }) {
      crew.order({ do: "wifi", on: false });
      await wait(WIFI_S);
      crew.order({ do: "wifi", on: true });
      return Date.now();
    },
  },
};

/** Why a story cannot be told with this broker, or "". */
export function unfit(name: string, broker: { name: string; nodes: number; balancer: boolean }): string {
  const { needs } = STORIES[name]!;
  if (needs === "balancer" && !broker.balancer) return `${broker.name} has no balancer in front`;
  return needs === "nodes" && broker.nodes < 2
    ? `${broker.name} has one node: that is the story restart`
    : "";
}

/** Ends all connections, and lets new ones go through our own server. */
function behind({ crew, front }: Stage, manner: Front["manner"]): number {
  front.manner = manner;
  crew.order({ do: "door", port: front.port });
  crew.order({ do: "cut" });
  return Date.now();
}

/** Starts nodes; returns when the first of them can be reached. All of them can then, or soon. */
async function startedAt(nodes: Node[], { balancer }: Broker): Promise<number> {
  const starts = nodes.map((node) => node.start());
  await Promise.race(starts);
  await balancer?.untilUp();
  const at = Date.now();
  await Promise.all(starts);
  return at;
}

export function wait(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
