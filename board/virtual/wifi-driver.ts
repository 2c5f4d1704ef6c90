// The Wi-Fi driver of Espruino's ESP32 build as a state machine: modes, retries, events in the engine's order. Follows the
// source of each release, oddities included (engine 43). Its API is in wifi.ts, the radio in air.ts.
import type { Air, Station } from "./air.ts";
import { asBytes } from "./bytes.ts";
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";
import { REASONS, type Reason } from "./wifi-reasons.ts";

/** The releases of Espruino that the virtual board can play. 2v25 to 2v29 have the same driver. */
export const RELEASES = ["2v27", "2v29", "next"] as const;
export type Release = (typeof RELEASES)[number];

/**
 * At this number of drops, failed attempts included, the driver of the next release emits disconnected. Before, it retries
 * silently. Older drivers never retry.
 */
const TRIES = 3;

export const STATION = 1;
export const ACCESS_POINT = 2;

/** The access point's address and channel, and what DHCP gives. */
export const AP_MAC = "02:00:5e:00:53:01";
export const CHANNEL = 6;
export const ADDRESS = { ip: "192.168.4.23", netmask: "255.255.255.0", gw: "192.168.4.1" };

/** The part of the driver that only a restart of the chip resets: it outlives `load()` and `reset()`. */
export interface Radio {
  mode: number;
  /** The engine's flag: set from the association on, and still set while it retries silently. */
  connected: boolean;
  /** An attempt to join is under way. */
  joining: boolean;
  started: boolean;
  ssid: string;
  password: string;
}

/** After power-on. */
export function newRadio(): Radio {
  return { mode: 0, connected: false, joining: false, started: false, ssid: "", password: "" };
}

/** The driver of one boot. */
export class WifiDriver implements Station {
  lastReason: Reason | undefined;
  private retries = 0;
  private onJoined: unknown;
  private onLeft: unknown;
  /** Whether it is the driver of the next release. */
  private readonly next: boolean;

  constructor(
    private readonly realm: Realm,
    private readonly events: Events,
    private readonly air: Air,
    private readonly module: Obj,
    readonly radio: Radio,
    release: Release,
  ) {
    this.next = release === "next";
    air.serve(this);
  }

  /** `Wifi.connect`, once its arguments are checked. */
  connect(ssid: string, password: string, callback: unknown): void {
    this.onLeft = undefined;
    this.onJoined = callback;
    const { radio, air } = this;
    // The engine cuts both to the driver's limits.
    radio.ssid = asBytes(ssid, "Wifi.connect").substr(0, 32);
    radio.password = asBytes(password, "Wifi.connect").substr(0, 64);
    const wasStation = (radio.mode & STATION) !== 0;
    radio.mode |= STATION;
    this.retries = TRIES;
    if (this.next && radio.connected) air.after(0, () => this.lost("ASSOC_LEAVE"));
    // A station of an older release that is joined, or waits for an answer, does nothing. In the next release only the
    // start of the station makes the radio join.
    else if (this.next ? !radio.started || !wasStation : !radio.connected && !radio.joining) {
      radio.joining = true;
      air.after(0, () => this.attempt());
    }
    this.start();
  }

  /** `Wifi.disconnect`. */
  disconnect(callback: unknown): void {
    this.onLeft = callback;
    this.retries = 0;
    const { started, mode, connected, joining } = this.radio;
    if (this.next ? started && mode & STATION : connected || joining)
      this.air.after(0, () => this.lost("ASSOC_LEAVE"));
    this.air.linked = false;
    this.events.later(callback);
  }

  /** `Wifi.stopAP` and `Wifi.startAP`. */
  accessPoint(on: boolean, callback: unknown): void {
    const { radio } = this;
    radio.mode = on ? radio.mode | ACCESS_POINT : radio.mode & ~ACCESS_POINT;
    if (on) this.start();
    this.events.later(callback, ...(on ? [null] : []));
  }

  associated(): void {
    this.radio.connected = true;
    this.radio.joining = false;
    this.emit("associated", { ssid: this.radio.ssid, mac: AP_MAC, channel: String(CHANNEL) });
  }

  gotAddress(): void {
    this.joined(null);
    this.emit("connected", ADDRESS);
  }

  lost(reason: Reason): void {
    this.air.leave();
    if (this.next && --this.retries > 0) this.attempt();
    else this.fail(reason);
  }

  private fail(reason: Reason): void {
    const { radio } = this;
    radio.connected = radio.joining = false;
    this.lastReason = reason;
    this.events.later(this.onLeft);
    this.onLeft = undefined;
    const mac = reason === "NO_AP_FOUND" ? "00:00:00:00:00:00" : AP_MAC;
    this.emit("disconnected", { ssid: radio.ssid, mac, reason: String(REASONS[reason]), msg: reason });
    // Older drivers keep the callback of `connect` for a later success.
    if (!this.next) return;
    this.joined(reason);
    if (radio.mode <= STATION) radio.started = false;
  }

  private start(): void {
    if (!this.radio.started) this.air.starts++;
    this.radio.started = true;
  }

  private attempt(): void {
    this.radio.joining = true;
    this.air.join(this.radio.ssid, this.radio.password);
  }

  private joined(error: Reason | null): void {
    this.events.later(this.onJoined, error);
    this.onJoined = undefined;
  }

  private emit(name: string, details: Obj): void {
    this.events.emit(this.module, name, this.realm.object(details));
  }
}
