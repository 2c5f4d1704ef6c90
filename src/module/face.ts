// The methods that all clients share. They stay in memory, so each of them only calls a function that does not
// (engine 10).

import type { ModuleClient } from "./client";
import { endCall, reconnectCall } from "./end";
import { onCall, removeCall } from "./events";
import { publishCall } from "./publish";
import { subscribeCall, unsubscribeCall } from "./subscribe";

// biome-ignore-start lint/complexity/noArguments: parameters that are declared cost memory
export const face = {
  publish(this: ModuleClient) {
    publishCall(this, arguments);
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
