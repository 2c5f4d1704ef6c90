// A stack that is measured, as a program for the engine. Types only.

/** Where the broker listens. */
export interface Ports {
  tcp: number;
  ws: number;
}

export interface Stack {
  name: string;
  /** Files in Storage: modules, and the files that the firmware needs. */
  modules: Record<string, string>;
  files: Record<string, string>;
  program: string;
  /** Longest payload, in bytes. */
  longest: number;
  /** The highest QoS that it can do. */
  maxQos: 0 | 1 | 2;
  /** Whether many messages at once can be measured: the loop of the stock `ws` over bytes would take minutes. */
  many: boolean;
}
