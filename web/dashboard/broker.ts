// The connection to the broker: MQTT over WebSocket, by MQTT.js. Tells why there is none.

import mqtt, { type MqttClient } from "mqtt";
import { CONNECT_MS, KEEP_ALIVE_S, RETRY_MS } from "./limits.ts";
import type { Settings } from "./settings.ts";
import { filtersOf } from "./topics.ts";

export type Standing =
  | "connecting"
  | "connected"
  /** It was connected, and is no more; tries again. */
  | "lost"
  /** It never was; tries again. */
  | "unreachable"
  /** User name or password are wrong; does not try again. */
  | "denied"
  /** Connected, but the broker shows nothing, or not all. */
  | "unseen";

export interface Events {
  standing(standing: Standing): void;
  message(topic: string, payload: Uint8Array, kept: boolean): void;
}

/** Codes of CONNACK: MQTT 3.1.1's bad user name or password, not authorized (3.2.2.3); the same of MQTT 5. */
const DENIED = [4, 5, 134, 135];
const REFUSED_FILTER = 128;

/** Connects, and again after each loss, until `end` is called. */
export function connectTo({ url, user, password, base }: Settings, on: Events): MqttClient {
  const client = mqtt.connect(url, {
    ...(user && { username: user, password }),
    clientId: `page-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`.slice(0, 23),
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: RETRY_MS,
    // Its own timers would need a worker, which the page's policy does not allow.
    timerVariant: "native",
    resubscribe: false,
  });
  let was = false;
  client.on("connect", () => {
    was = true;
    on.standing("connected");
    client.subscribe(filtersOf(base), (error, granted) => {
      if (error || granted?.some(({ qos }) => Number(qos) >= REFUSED_FILTER)) on.standing("unseen");
    });
  });
  client.on("message", (topic, payload, { retain }) => on.message(topic, payload, retain));
  client.on("error", (error) => {
    if (!DENIED.includes(Number((error as { code?: number }).code))) return;
    on.standing("denied");
    client.end(true);
  });
  client.on("close", () => {
    if (!client.disconnecting) on.standing(was ? "lost" : "unreachable");
  });
  return client;
}
