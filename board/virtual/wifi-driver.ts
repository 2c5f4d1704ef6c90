// The Wi-Fi driver of Espruino's ESP32 build as a state machine: modes, silent retries, events in the engine's order.
// Follows the source of that build, oddities included. Its API is in wifi.ts, the radio in air.ts.
import type { Air, Station } from "./air.ts";
import { asBytes } from "./bytes.ts";
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";
import { REASONS, type Reason } from "./wifi-reasons.ts";

/** At this number of drops, failed attempts included, the driver emits disconnected. Before, it retries silently. */
const TRIES = 3;

export const STATION = 1;
export const ACCESS_POINT = 2;

/** The access point's address and channel, and what DHCP gives. */
export const AP_MAC = "02:00:5e:00:53:01";
export const CHANNEL = 6;
export const ADDRESS = { ip: "192.168.4.23", netmask: "255.255.255.0", gw: "192.168.4.1" };

/** The driver of one boot. */
export class WifiDriver implements Station {
  mode = 0;
  /** The engine's flag: set from the association on, and still set while it retries silently. */
  connected = false;
  lastReason: Reason | undefined;
  ssid = "";
  password = "";
  private started = false;
  private retries = 0;
  private onJoined: unknown;
  private onLeft: unknown;

  constructor(
    private readonly realm: Realm,
    private readonly events: Events,
    private readonly air: Air,
    private readonly module: Obj,
  ) {}

  /** `Wifi.connect`, once its arguments are checked. */
  connect(ssid: string, password: string, callback: unknown): void {
    this.onLeft = undefined;
    this.onJoined = callback;
    // The engine cuts both to the driver's limits.
    this.ssid = asBytes(ssid, "Wifi.connect").substr(0, 32);
    this.password = asBytes(password, "Wifi.connect").substr(0, 64);
    const wasStation = (this.mode & STATION) !== 0;
    this.mode |= STATION;
    this.retries = TRIES;
    if (this.connected) this.air.after(0, () => this.lost("ASSOC_LEAVE"));
    // Only the start of the station makes the radio join. As on the chip, a second connect while the first one waits
    // changes nothing.
    else if (!this.started || !wasStation) this.air.after(0, () => this.attempt());
    this.start();
  }

  /** `Wifi.disconnect`. */
  disconnect(callback: unknown): void {
    this.onLeft = callback;
    this.retries = 0;
    if (this.started && this.mode & STATION) this.air.after(0, () => this.lost("ASSOC_LEAVE"));
    this.air.linked = false;
    this.events.later(callback);
  }

  /** `Wifi.stopAP` and `Wifi.startAP`. */
  accessPoint(on: boolean, callback: unknown): void {
    this.mode = on ? this.mode | ACCESS_POINT : this.mode & ~ACCESS_POINT;
    if (on) this.start();
    this.events.later(callback, ...(on ? [null] : []));
  }

  associated(): void {
    this.connected = true;
    this.emit("associated", { ssid: this.ssid, mac: AP_MAC, channel: String(CHANNEL) });
  }

  gotAddress(): void {
    this.joined(null);
    this.emit("connected", ADDRESS);
  }

  lost(reason: Reason): void {
    this.air.leave();
    if (--this.retries > 0) this.attempt();
    else this.fail(reason);
  }

  private fail(reason: Reason): void {
    this.connected = false;
    this.lastReason = reason;
    this.events.later(this.onLeft);
    this.onLeft = undefined;
    const mac = reason === "NO_AP_FOUND" ? "00:00:00:00:00:00" : AP_MAC;
    this.emit("disconnected", { ssid: this.ssid, mac, reason: String(REASONS[reason]), msg: reason });
    this.joined(reason);
    if (this.mode <= STATION) this.started = false;
  }

  private start(): void {
    if (!this.started) this.air.starts++;
    this.started = true;
  }

  private attempt(): void {
    this.air.join(this, this.ssid, this.password);
  }

  private joined(error: Reason | null): void {
    this.events.later(this.onJoined, error);
    this.onJoined = undefined;
  }

  private emit(name: string, details: Obj): void {
    this.events.emit(this.module, name, this.realm.object(details));
  }
}
