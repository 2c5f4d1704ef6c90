// What a story needs of a broker: its nodes, the balancer in front of them, and what it offers.

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
