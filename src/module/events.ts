// client.on and client.removeListener: events of the client, and handlers by Topic Filter.

import type { Bytes } from "../board";
import { must } from "../mqtt/bytes";
import { dispatch, newRouter, off, on } from "../router";
import { type ModuleClient, world } from "./client";
import type { MessageHandler, Packet } from "./mqtt-ws";
import { watchPackets } from "./packets";

/** Names that are events and not Topic Filters. The last two are events of MQTT.js that never come here. */
const EVENTS =
  " connect message close offline reconnect end error packetsend packetreceive drain disconnect outgoingEmpty ";

/** on(event | filter, listener) */
export function onCall(client: ModuleClient, name: Bytes, listener: unknown): void {
  must(typeof listener === "function", "a listener must be a function");
  if (isEvent(name)) {
    if (name.substr(0, 6) === "packet" && client.rest === undefined) watchPackets(client);
    world.hear(client, name, listener);
    return;
  }
  const router = client.router || newRouter<Packet>();
  on(router, name, listener as MessageHandler);
  if (!client.router) {
    // One listener for all handlers.
    world.hear(client, "message", function (topic: Bytes, payload: Bytes, packet: Packet) {
      dispatch(router, topic, payload, packet);
    });
  }
  client.router = router;
}

function isEvent(name: Bytes): boolean {
  return EVENTS.split(" " + name + " ").length > 1;
}

/** removeListener(event | filter, listener) */
export function removeCall(client: ModuleClient, name: Bytes, listener: unknown): void {
  if (isEvent(name)) world.unhear(client, name, listener);
  else if (client.router) off(client.router, name, listener as MessageHandler);
}
