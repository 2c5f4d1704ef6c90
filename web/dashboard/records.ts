// The records of the page: what it knows. Types only, but for the list of curves.

import type { MqttClient } from "mqtt";
import type { Fields } from "../shared/shown.ts";
import type { Standing } from "./broker.ts";
import type { CurveData } from "./curve-data.ts";
import type { LogLine } from "./log-line.ts";
import type { Settings } from "./settings.ts";
import type { Signer } from "./sign/envelope.ts";
import type { Trial } from "./trial.ts";

/** Telemetry that has a curve. */
export const CURVES = ["jsVars", "rssi", "pingMs", "heap", "outbox"] as const;
export type CurveName = (typeof CURVES)[number];

export interface Pin {
  name: string;
  /** What the device said last, as it said it. */
  state: string;
  /** Values of an analogue input. */
  curve: CurveData;
}

export interface Press {
  pin: string;
  length: string;
  at: number;
}

export interface Device {
  id: string;
  /** online, restarting, offline, or what it said else; "" while it said nothing. */
  state: string;
  /** When the page heard of this state, ms; undefined if the broker had kept it from before. */
  since: number | undefined;
  status: Fields;
  telemetry: Fields;
  curves: Record<CurveName, CurveData>;
  pins: Map<string, Pin>;
  presses: Press[];
  log: LogLine[];
  /** The newest last. */
  orders: Order[];
  update: Fields | undefined;
  /** The configuration in the last answer to config-get. */
  config: Fields | undefined;
  trial: Trial | undefined;
  /** Counts births: a signer begins a new epoch after each. */
  births: number;
}

export type Outcome = "waiting" | "answered" | "refused" | "silent" | "unsent";

export interface Order {
  /** The topic behind `<base>/<id>/`. */
  topic: string;
  payload: string;
  at: number;
  outcome: Outcome;
  /** The answer, or why there is none. */
  answer: string;
  /** Whether the answer's signature was checked: undefined where the device has no key here. */
  signed: boolean | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** What has just ended, for those who hear the page. */
export type News = { device: string; order: Order } | { device: string; trial: Trial };

export interface App {
  settings: Settings;
  standing: Standing | "apart";
  devices: Map<string, Device>;
  /** Devices over the bound. */
  unseen: Set<string>;
  /** Manifests of updates by channel; undefined where one was taken back while the page was open. */
  offers: Map<string, Fields | undefined>;
  /** The device that is shown. */
  chosen: string | undefined;
  news: News | undefined;
  /** By device; "" is for all. Keys are in memory only. */
  signers: Map<string, Signer>;
  /** Births of each device when an envelope was last sealed for it. */
  born: Map<string, number>;
  /** Ends when all that was sent so far has left. */
  sending: Promise<void>;
  client: MqttClient | undefined;
  now(): number;
  publish(topic: string, payload: string | Uint8Array): void;
  /** Has everything drawn again, soon. */
  changed(): void;
}
