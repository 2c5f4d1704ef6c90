// config.json as TypeScript sees it, defaults filled in. The names in this file are the user's: they keep their
// spelling in the bundle (build/outside.ts).

import type { Bytes, Network } from "../board";
import type { Limits } from "../mqtt/state";
import type { Options5 } from "../mqtt/v5/options";

/** The content of config.json in every build. docs/configuration.md has the table of keys. */
export interface ConfigFile {
  wifi: Network;
  mqtt: MqttConfig;
  link: LinkConfig;
  /** The application's own, see src/app/config-file.ts. */
  app?: unknown;
  /** 0 none, 1 errors, 2 what happens, 3 why, 4 the bytes. */
  log: number;
}

export interface MqttConfig extends Options5, Limits {
  outbox: Limits["outbox"] & {
    /** Whether the outbox is saved to flash, so that it outlives a restart. */
    save?: boolean;
  };
  /** ws:// or wss://[user[:password]@]host[:port][/path][?query], or several of them */
  url: Bytes | (Bytes | ServerConfig)[];
  /** "unverified", a pre-shared key, or "" where there is no TLS to be. */
  tls: Bytes | TlsConfig;
  /** "random", or "zero": payload goes out as it is (RFC 6455 5.3 asks for the former). */
  mask: Bytes;
  /** Further headers of the upgrade request. */
  headers?: { [name: Bytes]: Bytes };
}

/** One of several servers. */
export interface ServerConfig {
  url: Bytes;
  /** Without it, `mqtt.tls` counts. */
  tls?: Bytes | TlsConfig;
}

export interface TlsConfig {
  psk: {
    identity: Bytes;
    /** Hexadecimal or base64; its bytes once it was judged. */
    key: Bytes;
  };
}

export interface LinkConfig {
  /** Seconds without the link being UP after which the board restarts, 0 = never. */
  rebootAfterS: number;
}
