// Power-on: the configuration is judged, the application made, and the link begins to climb.

import type { Board, Bytes } from "../board";
import { prepare } from "../config/boot";
import type { Schema } from "../config/check";
import type { ConfigFile, MqttConfig } from "../config/config-file";
import { start } from "./link";
import type { Profile } from "./profile";
import type { App, Link } from "./rungs";
import { beginTrial, configText } from "./trial";

/** An application, to be made from its part of the configuration. */
export interface AppModule {
  name: Bytes;
  /** Its keys in config.json, by their names at the top of the file: `{app: {...}}`, and others that it has. */
  ownKeys(profile: Profile, board: Board): Schema;
  make(config: ConfigFile): App;
  /** Called in place of {@link make} where the configuration is missing or has a mistake. */
  without?(profile: Profile, board: Board): void;
}

/** @returns the link, or undefined if the configuration has a mistake */
export function boot(board: Board, app: AppModule, profile: Profile): Link | undefined {
  const ready = prepare(board, {
    name: app.name,
    profile,
    ownKeys: app.ownKeys(profile, board),
    text: configText(board),
  });
  if (!ready) {
    if (app.without) app.without(profile, board);
    return undefined;
  }
  const link = start(board, ready.log, ready.settings, app.make(ready.config), profile);
  beginTrial(link);
  forget(ready.config.mqtt);
  return link;
}

/** Leaves only what CONNECT says: the rest takes memory, and `mqtt.url` has secrets. */
function forget(mqtt: Partial<MqttConfig>): void {
  delete mqtt.url;
  delete mqtt.tls;
  delete mqtt.mask;
  delete mqtt.headers;
  delete mqtt.maxPacket;
  delete mqtt.maxInflight;
  delete mqtt.maxUnsent;
  delete mqtt.outbox;
}
