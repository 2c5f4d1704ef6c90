// A worker process: its part of the fleet, and its ledger. The parent process orders and reads, over IPC.
import { bundledFleet } from "./bundled.ts";
import type { Fleet } from "./fleet.ts";
import { Ledger, type Moment, type Page } from "./ledger.ts";
import { lightFleet } from "./light.ts";
import { mqttJsFleet } from "./mqttjs.ts";

export type Kind = "light" | "bundle" | "mqttjs";

/** The first order. */
export interface Begin {
  kind: Kind;
  from: number;
  to: number;
  url: string;
  version: 4 | 5;
  everyS: number;
  /** For boards of the kind `bundle`. */
  code?: Record<string, string>;
}

export type Order =
  | { do: "begin"; begin: Begin }
  | { do: "start"; overS: number }
  | { do: "cut" | "close" | "stop" }
  | { do: "door"; port: number }
  | { do: "wifi" | "quiet"; on: boolean };

export type Report =
  | { is: "begun"; mb: number }
  | { is: "news"; moments: Moment[]; up: number; ready: number[]; waiting: number; cpuS: number }
  | { is: "books"; pages: Page[]; mb: number };

const NEWS_MS = 1000;
const ledger = new Ledger();
let fleet: Fleet;

async function make({ kind, code, ...rest }: Begin): Promise<Fleet> {
  const part = { ...rest, ledger };
  if (kind === "light") return lightFleet(part);
  return kind === "bundle" ? bundledFleet(part, code!) : mqttJsFleet(part);
}

function tell(report: Report): void {
  process.send?.(report);
}

function news(): void {
  const { user, system } = process.cpuUsage();
  tell({ is: "news", ...ledger.news(), cpuS: (user + system) / 1e6 });
}

/** MB of memory in use, garbage apart. */
function weight(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function obey(order: Order): Promise<void> {
  if (order.do === "begin") {
    const mb = weight();
    fleet = await make(order.begin);
    setInterval(news, NEWS_MS);
    tell({ is: "begun", mb });
  } else if (order.do === "start") fleet.start(order.overS);
  else if (order.do === "cut") fleet.cut();
  else if (order.do === "door") fleet.door = order.port;
  else if (order.do === "wifi") fleet.wifi(order.on);
  else if (order.do === "quiet") fleet.quiet(order.on);
  else if (order.do === "close") tell({ is: "books", pages: ledger.close(), mb: weight() });
  else {
    fleet.stop();
    process.exit(0);
  }
}

process.on("message", (order: Order) => void obey(order));
process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole group: the parent ends its workers in order.
process.on("SIGINT", () => {});
