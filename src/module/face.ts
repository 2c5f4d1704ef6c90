// The methods that all clients share. They stay in memory, so each of them only calls a function that does not
// (engine 10). Only the usual `publish` does all by itself.

import { FIVE } from "#five";
import { publish } from "../mqtt/request";
import { QUEUED, SUCCESS } from "../mqtt/spec";
import { KEEP } from "../mqtt/state";
import { active, type ModuleClient } from "./client";
import { endCall, reconnectCall } from "./end";
import { onCall, removeCall } from "./events";
import { tell } from "./outcome";
import { publishCall } from "./publish";
import { subscribeCall, unsubscribeCall } from "./subscribe";

/** 1 where strings have wide characters. On a chip they are bytes (engine 5). */
export const WIDE = "\u0100".charCodeAt(0) === 256 ? 1 : 0;

// biome-ignore-start lint/complexity/noArguments: parameters that are declared cost memory
export const face = {
  publish(this: ModuleClient) {
    // The engine makes an array at each use of the word.
    const args = arguments;
    const topic = args[0];
    const payload = args[1];
    const options = args[2];
    let qos = 0;
    let usual = typeof topic === "string" && typeof payload === "string" && !args[3];
    if (options) {
      usual = usual && typeof options === "object";
      for (const name in options) if (name !== "qos") usual = false;
      qos = options.qos || 0;
    }
    // With MQTT 5 the server may refuse a message at QoS 1 and 2.
    if (usual && !WIDE && this === active && !this.ending && !(FIVE && qos)) {
      const reason = publish(this.link.client, topic, payload, qos, false, undefined, KEEP);
      if (reason !== SUCCESS && reason !== QUEUED) tell(this, undefined, "publish", reason);
    } else publishCall(this, args);
    return this;
  },
  subscribe(this: ModuleClient) {
    subscribeCall(this, arguments);
    return this;
  },
  unsubscribe(this: ModuleClient) {
    unsubscribeCall(this, arguments);
    return this;
  },
  end(this: ModuleClient) {
    endCall(this, arguments);
    return this;
  },
  reconnect(this: ModuleClient) {
    reconnectCall(this);
    return this;
  },
  on(this: ModuleClient) {
    onCall(this, arguments[0], arguments[1]);
    return this;
  },
  removeListener(this: ModuleClient) {
    removeCall(this, arguments[0], arguments[1]);
    return this;
  },
};
// biome-ignore-end lint/complexity/noArguments: parameters that are declared cost memory
