// Topics of devices: what the page subscribes to, and what a topic is. By kind, never `<base>/#`: under that the broker
// keeps every block of an update.

export type Kind = "status" | "telemetry" | "log" | "update" | "pin" | "press" | "reply";

/** A topic of a device; `name` is that of the pin or the command. */
export interface Own {
  id: string;
  kind: Kind;
  name: string;
}

export type Place = Own | { channel: string };

/** Filters below a base, with the greatest QoS each needs. */
export function filtersOf(base: string): Record<string, { qos: 0 | 1 }> {
  const own = ["status", "update", "pin/+", "pin/+/press", "log", "reply/+"];
  const filters = Object.fromEntries(own.map((rest) => [`${base}/+/${rest}`, { qos: 1 as const }]));
  // Manifests: blocks of programs are one level deeper.
  return { ...filters, [`${base}/+/telemetry`]: { qos: 0 }, [`${base}/update/+`]: { qos: 1 } };
}

/** What a topic is; undefined if it is nothing that the page knows. */
export function placeOf(base: string, topic: string): Place | undefined {
  if (!topic.startsWith(`${base}/`)) return undefined;
  const [id, kind, name, last, ...rest] = topic.slice(base.length + 1).split("/");
  if (!id || !kind || rest.length) return undefined;
  if (id === "update") return name === undefined ? { channel: kind } : undefined;
  if (name === undefined) return isPlain(kind) ? { id, kind, name: "" } : undefined;
  if (!name) return undefined;
  if (kind === "reply" && last === undefined) return { id, kind, name };
  if (kind !== "pin") return undefined;
  if (last === undefined) return { id, kind, name };
  return last === "press" ? { id, kind: "press", name } : undefined;
}

function isPlain(kind: string): kind is "status" | "telemetry" | "log" | "update" {
  return ["status", "telemetry", "log", "update"].includes(kind);
}

/** Whether a base can be one: a topic name (MQTT 4.7.1) without a slash at its end. */
export function isBase(base: string): boolean {
  return base !== "" && !/[+#\0]/.test(base) && !base.endsWith("/");
}
