// The aims: a row for each one, with the number that the bench has now.

import { type Measured, millions, type Results, results } from "./report.ts";

const STOCK = "stock ws + MQTT";
const LEAN = "ours, full, own handshake";
const FIVE = "ours, v5, own handshake";
const MODULE = "mqtt-ws module, own handshake";

interface Aim {
  title: string;
  /** When the aim was set, a message of 20 bytes. */
  before: string;
  goal: string;
  now(found: Results): string | undefined;
  stock?(found: Results): string | undefined;
}

function rowOf(found: Results, name: string): Measured | undefined {
  return found.rows.find((row) => row.name === name);
}

function speed(found: Results, stack: string, job: string): string | undefined {
  const cost = rowOf(found, stack)?.speed?.[job];
  return cost && millions(cost.instructions);
}

function message(way: "publish" | "receive", qos: number, before: string, goal: string): Aim {
  const job = `${way} 20 bytes, QoS ${qos}`;
  return {
    title: `${way}, QoS ${qos}`,
    before,
    goal,
    now: (found) => speed(found, LEAN, job),
    stock: (found) => speed(found, STOCK, job),
  };
}

/** Instructions of MQTT 5 as a multiple of those of 3.1.1. */
function five(found: Results, way: string): string | undefined {
  const job = `${way} 20 bytes, QoS 0`;
  const [older, newer] = [LEAN, FIVE].map((name) => rowOf(found, name)?.speed?.[job]?.instructions);
  return older && newer ? `${millions(newer)}, ${(newer / older).toFixed(1)}x` : undefined;
}

/** One of 40 messages of 500 bytes at once, as a multiple of one sent alone. */
function queued(found: Results, qos: number): string | undefined {
  const job = `publish 500 bytes, QoS ${qos}`;
  const [alone, many] = [job, `${job}, 40 at once`].map(
    (name) => rowOf(found, LEAN)?.speed?.[name]?.instructions,
  );
  return alone && many ? `${(many / alone).toFixed(2)}x, ${millions(many)}` : undefined;
}

const AIMS: Aim[] = [
  message("publish", 0, "0.73 M", "0.55 M"),
  message("publish", 1, "5.42 M", "1.3 M"),
  message("publish", 2, "8.63 M", "2.8 M"),
  message("receive", 0, "0.92 M", "0.6 M"),
  message("receive", 1, "3.59 M", "1.0 M"),
  message("receive", 2, "6.68 M", "2.2 M"),
  {
    title: "MQTT 5: publish, QoS 0",
    before: "2.10 M",
    goal: "1.3x of 3.1.1",
    now: (found) => five(found, "publish"),
  },
  {
    title: "MQTT 5: receive, QoS 0",
    before: "2.45 M",
    goal: "1.3x of 3.1.1",
    now: (found) => five(found, "receive"),
  },
  {
    title: "one of 40 messages of 500 bytes at once, QoS 0",
    before: "2.80x of one alone, 6.39 M",
    goal: "1.15x",
    now: (found) => queued(found, 0),
  },
  {
    title: "500 bytes, QoS 1, alone",
    before: "7.30 M",
    goal: "2.92 M",
    now: (found) => speed(found, LEAN, "publish 500 bytes, QoS 1"),
  },
  {
    title: "one of 40 at once, QoS 1",
    before: "10.04 M",
    goal: "4.02 M",
    now: (found) => speed(found, LEAN, "publish 500 bytes, QoS 1, 40 at once"),
  },
  {
    title: "one of 40 received at once, QoS 0",
    before: "1.43 M",
    goal: "1.00 M",
    now: (found) => speed(found, LEAN, "receive 500 bytes, QoS 0, 40 at once"),
  },
  {
    title: "one of 40 received at once, QoS 1",
    before: "4.98 M",
    goal: "3.49 M",
    now: (found) => speed(found, LEAN, "receive 500 bytes, QoS 1, 40 at once"),
  },
  {
    title: "JsVars connected",
    before: "436",
    goal: "480",
    now: (found) => `${rowOf(found, LEAN)?.flash ?? "-"}`,
    stock: (found) => `${rowOf(found, STOCK)?.flash ?? "-"}`,
  },
  {
    title: "module, own handshake: JsVars connected",
    before: "825",
    goal: "520",
    now: (found) => `${rowOf(found, MODULE)?.flash ?? "-"}`,
  },
  {
    title: "module, own handshake: publish, QoS 0",
    before: "1.1 M",
    goal: "0.75 M",
    now: (found) => speed(found, MODULE, "publish 20 bytes, QoS 0"),
  },
  {
    title: "device, own handshake: `pin/x/set` to the pin, and its state published at QoS 1",
    before: "7.2 M",
    goal: "2.5 M",
    now: ({ device }) => device?.command && millions(device.command.all),
  },
  {
    title: "- of it, to the pin",
    before: "-",
    goal: "-",
    now: ({ device }) => device?.command && millions(device.command.toPin),
  },
];

/** The table, as Markdown. */
export function aims(): string {
  const found = results();
  const lines = [
    ["", "stock ws + MQTT", "before", "goal", "reached"],
    ["---", "---", "---", "---", "---"],
    ...AIMS.map(({ title, before, goal, now, stock }) => [
      title,
      stock?.(found) ?? "-",
      before,
      goal,
      now(found) ?? "-",
    ]),
  ];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
