// The radio link between a virtual board and its access point, which a test or the demo can disturb. Espruino's API
// for it is in wifi.ts.
import type { Clock } from "./clock.ts";
import type { Reason } from "./wifi-reasons.ts";

/** The access point in reach. Left out: any name, any password. Times in ms. */
export interface AirOptions {
  ssid?: string;
  password?: string;
  /** From the request to the association. */
  joinMs?: number;
  /** From the association to an address. */
  dhcpMs?: number;
  /** Signal strength, dBm. */
  rssi?: number;
  /** Other networks that a scan finds. */
  others?: { ssid: string; rssi: number }[];
}

/** The radio's callbacks to the driver. */
export interface Station {
  associated(): void;
  gotAddress(): void;
  lost(reason: Reason): void;
}

/** The radio link of one board. */
export class Air {
  readonly rssi: number;
  /** Whether the station has an address, so that packets pass. */
  linked = false;
  /** How often the radio was switched on. */
  starts = 0;
  private station: Station | undefined;
  private present = true;
  private mute = false;
  private refusal: Reason | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly options: AirOptions,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {
    this.rssi = options.rssi ?? -58;
  }

  /** Name of the access point in reach; undefined if it answers to any name. */
  get ssid(): string | undefined {
    return this.present ? this.options.ssid : undefined;
  }

  /** What a scan finds. */
  get around(): { ssid: string; rssi: number }[] {
    const own = this.ssid === undefined ? [] : [{ ssid: this.ssid, rssi: this.rssi }];
    return [...own, ...(this.options.others ?? [])];
  }

  /** The board's own access point: its name, and its password where it has one; undefined while it is closed. */
  own: { ssid: string; password?: string } | undefined;

  /** Whether an event is pending. */
  get busy(): boolean {
    return this.cancel !== undefined;
  }

  /** Ends the association; the chip's driver notices at once. The access point stays, so it can be joined again. */
  drop(reason: Reason = "AUTH_LEAVE"): void {
    this.after(0, () => this.station?.lost(reason));
    this.linked = false;
  }

  /** The access point is gone until {@link comeBack}. */
  vanish(): void {
    this.present = false;
    this.drop("BEACON_TIMEOUT");
  }

  /** Every attempt to join fails with this reason, until {@link comeBack}. */
  refuse(reason: Reason): void {
    this.refusal = reason;
  }

  /** Attempts to join get no answer at all, until {@link comeBack}. */
  set silent(silent: boolean) {
    this.mute = silent;
  }

  /** Ends all disturbances. A board that already waits for an answer still gets none: it has to ask again. */
  comeBack(): void {
    this.present = true;
    this.mute = false;
    this.refusal = undefined;
  }

  /** The driver asks to join. */
  join(ssid: string, password: string): void {
    this.leave();
    if (this.mute) return;
    this.after(this.options.joinMs ?? 30, () => {
      const refusal = this.answer(ssid, password);
      if (refusal) return this.station?.lost(refusal);
      this.station?.associated();
      this.after(this.options.dhcpMs ?? 20, () => {
        this.linked = true;
        this.station?.gotAddress();
      });
    });
  }

  /** The driver of this boot gets the radio's callbacks. */
  serve(station: Station): void {
    this.station = station;
  }

  /** Calls back after `ms`, unless another request comes before. */
  after(ms: number, action: () => void): void {
    this.cancel?.();
    this.cancel = this.clock.wake(this.clock.now() + ms, () => {
      this.cancel = undefined;
      action();
      this.onChange();
    });
  }

  /** The radio is switched off or on. */
  leave(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.linked = false;
  }

  private answer(ssid: string, password: string): Reason | undefined {
    if (this.refusal) return this.refusal;
    if (!this.present || (this.options.ssid ?? ssid) !== ssid) return "NO_AP_FOUND";
    return (this.options.password ?? password) === password ? undefined : "4WAY_HANDSHAKE_TIMEOUT";
  }
}
