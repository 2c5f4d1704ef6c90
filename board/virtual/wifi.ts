// `require("Wifi")` of Espruino's ESP32 build: argument checks and answers. Everything that takes time is
// in wifi-driver.ts.

import type { Air } from "./air.ts";
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";
import { type Flash, storageModule } from "./storage.ts";
import {
  ACCESS_POINT,
  ADDRESS,
  AP_MAC,
  CHANNEL,
  type Radio,
  type Release,
  STATION,
  WifiDriver,
} from "./wifi-driver.ts";

const NOWHERE = { ip: "0.0.0.0", netmask: "0.0.0.0", gw: "0.0.0.0" };
const MODES = ["NULL", "STA", "AP", "APSTA"];
/** Where `Wifi.save` keeps the settings. */
const SAVED = ".wificfg";

/** The part of the board that the module uses. */
export interface WifiHost {
  realm: Realm;
  events: Events;
  air: Air;
  flash: Flash;
  /** What outlives a restart of the interpreter. */
  radio: Radio;
  release: Release;
  /** The chip's MAC address, aa:bb:cc:dd:ee:ff. */
  mac: string;
}

/** The module's object and the driver behind it. */
export function wifiModule(host: WifiHost): { module: Obj; driver: WifiDriver } {
  const { realm } = host;
  const module = realm.object();
  const driver = new WifiDriver(realm, host.events, host.air, module, host.radio, host.release);
  realm.define(module, { ...joining(host, driver), ...asking(host, driver), ...keeping(host, driver) });
  return { module, driver };
}

function joining({ realm, events, air }: WifiHost, driver: WifiDriver): Obj {
  const fail = (text: string) => realm.error("Error", text);
  const checkCallback = (callback: unknown) => {
    if (callback !== undefined && typeof callback !== "function") {
      throw fail(`Expecting callback function but got ${callback}`);
    }
  };
  return {
    connect(ssid: unknown, options?: { password?: unknown }, callback?: unknown) {
      if (typeof ssid !== "string") throw fail("No SSID provided");
      if (options !== undefined && (typeof options !== "object" || options === null)) {
        throw fail(`Expecting Object, got ${typeof options}`);
      }
      checkCallback(callback);
      const { password = "" } = options ?? {};
      if (typeof password !== "string") {
        throw fail(`Expecting options.password to be a string but got ${typeof password}`);
      }
      driver.connect(ssid, password, callback);
    },
    disconnect(callback?: unknown) {
      checkCallback(callback);
      driver.disconnect(callback);
    },
    stopAP(callback?: unknown) {
      checkCallback(callback);
      air.own = undefined;
      driver.accessPoint(false, callback);
    },
    startAP(ssid: unknown, options?: { password?: unknown; authMode?: unknown }, callback?: unknown) {
      checkCallback(callback);
      if (typeof ssid !== "string") throw fail("No SSID");
      const { password, authMode = password ? "wpa2" : "open" } = options ?? {};
      if (password !== undefined && (typeof password !== "string" || password.length < 8))
        throw fail("Password must be string of at least 8 characters");
      if (authMode !== "open" && !password) throw fail("Password not set but authMode not open");
      if (authMode === "open" && password) throw fail("Auth mode set to open but password supplied");
      // The engine cuts both to the driver's limits.
      air.own = {
        ssid: ssid.substr(0, 32),
        ...(password ? { password: String(password).substr(0, 63) } : {}),
      };
      driver.accessPoint(true, callback);
    },
    setSNTP(server: unknown, zone: unknown) {
      if (typeof zone !== "string") throw fail("Zone is not a string");
      if (typeof server !== "string") throw fail("Server is not a string");
    },
    setConfig() {},
    scan(callback: unknown) {
      const more = { authMode: "wpa2", isHidden: false, mac: AP_MAC, channel: CHANNEL };
      events.later(callback, realm.array(air.around.map((found) => realm.object({ ...found, ...more }))));
    },
  };
}

function asking({ realm, events, air, mac }: WifiHost, driver: WifiDriver): Obj {
  let hostname = "espressif";
  const answer = (details: Obj, callback: unknown, error?: unknown[]) => {
    const object = realm.object(details);
    events.later(callback, ...(error ?? []), object);
    return object;
  };
  const reason = () => driver.lastReason ?? "Unknown reason";
  return {
    getIP: (callback?: unknown) => answer({ ...(air.linked ? ADDRESS : NOWHERE), mac }, callback, [null]),
    getDetails(callback?: unknown) {
      const { ssid, password } = driver.radio;
      const joined = { ssid, password, status: "connected", authMode: "wpa2" };
      return answer(driver.radio.connected ? joined : { status: reason() }, callback);
    },
    getStatus() {
      const { ssid, connected, mode } = driver.radio;
      const signal = {
        ssid,
        bssid: AP_MAC,
        channel: CHANNEL,
        rssi: air.rssi,
        htMode: "HT20",
        authMode: "wpa2",
      };
      const running = connected || mode & ACCESS_POINT;
      return realm.object({
        station: connected ? "connected" : reason(),
        ...(connected ? signal : {}),
        mode: MODES[running ? mode : 0],
        powersave: "min_modem",
      });
    },
    getHostname: () => hostname,
    setHostname(name: unknown, callback?: unknown) {
      hostname = String(name);
      events.later(callback);
    },
  };
}

function keeping({ realm, flash }: WifiHost, driver: WifiDriver): Obj {
  const storage = storageModule(realm, flash) as Record<string, (...args: unknown[]) => unknown>;
  return {
    save(what?: unknown) {
      flash.delete(SAVED);
      const { ssid, password, mode } = driver.radio;
      if (what !== "clear") storage.write!(SAVED, realm.object({ ssid, password, mode }));
    },
    restore() {
      const saved = storage.readJSON!(SAVED, true) as
        | { ssid: string; password: string; mode: number }
        | undefined;
      if (saved && saved.mode & STATION) driver.connect(saved.ssid, saved.password, undefined);
    },
  };
}
