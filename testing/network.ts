// Where the connections of virtual boards lead. A board never leaves this PC by accident: an address leads to a broker of
// the kit unless the test says otherwise.
import type { Destination, Failure, Link } from "../board/virtual/tcp.ts";
import { connect } from "../board/virtual/tcp.ts";
import type { ProgramOptions } from "./kit.ts";
import { type Caller, REFUSED, running, type TestBroker } from "./test-broker.ts";

/** What a connection leads to: a broker, an address, or nothing. */
export type Goal = { broker: TestBroker } | { host: string; port: number } | undefined;

/** Where this address leads. */
export function goalOf(host: string, port: number, hosts: ProgramOptions["hosts"] = {}): Goal {
  const named = hosts[`${host}:${port}`] ?? hosts[host];
  if (typeof named === "string") return addressOf(named, port);
  if (named) return { broker: named as TestBroker };
  const near = isNear(host);
  const broker = running.find((one) => near && one.ports.includes(port)) ?? running.at(-1);
  // The test's own servers on this PC.
  if (near && broker && !broker.ports.includes(port)) return { host, port };
  if (broker) return { broker };
  return near ? { host, port } : undefined;
}

/** Opens a connection of a virtual board. */
export function dial(to: Destination, goal: Goal, board: Caller): Link | Failure {
  if (!goal) return REFUSED;
  if ("broker" in goal) return goal.broker.take(to, board);
  return connect({ ...to, ...goal }, board.onActivity, false);
}

export function isNear(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1";
}

function addressOf(text: string, port: number): { host: string; port: number } {
  const [, host, given] = /^([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (!host) throw new TypeError(`hosts: expected host or host:port, got ${text}`);
  return { host, port: given ? Number(given) : port };
}
