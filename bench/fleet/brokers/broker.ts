// What a story needs of a broker: its nodes, the balancer in front of them, and what it offers.

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Balancer } from "./haproxy.ts";

export interface Node {
  name: string;
  /** Resolves when it listens. */
  start(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

export interface Broker {
  name: string;
  /** Version of MQTT that the fleet speaks to it. */
  version: 4 | 5;
  /** Whether it has shared subscriptions, and QoS 2. */
  shared: boolean;
  qos2: boolean;
  nodes: Node[];
  balancer?: Balancer;
  /** The port that boards connect to. */
  port: number;
  /** The URL of the boards; its port is replaced. */
  url: string;
  /** The URL of the consumers, which reach the first node without the balancer. */
  deskUrl: string;
}

const taken = new Set<number>();

/** A free port of 127.0.0.1, each time another one: a program may take it later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    // Ports above are given to connections, which would take a node's while it is away.
    const own = 10_000 + (port % 20_000);
    if (taken.has(own) || !(await isFree(own))) continue;
    taken.add(own);
    return own;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
