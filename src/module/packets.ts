// The events "packetsend" and "packetreceive": names and sizes of packets. Only a client that listens to them pays for
// them.

import type { Bytes } from "../board";
import type { Profile } from "../link/profile";
import { readVarint, varintSize } from "../mqtt/bytes";
import { PUBLISH } from "../mqtt/spec";
import type { Handler, Handlers } from "../mqtt/state";
import type { ModuleClient } from "./client";

/** By packet type (2.2.1). */
const NAMES =
  " connect connack publish puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback pingreq pingresp disconnect auth";

/** Begins to emit the events. */
export function watchPackets(client: ModuleClient): void {
  const to = client.link.client;
  const transmit = to.transmit;
  client.rest = 0;
  to.watched = 1;
  to.transmit = function (wire, bytes, shown, part) {
    tellSent(client, bytes);
    return transmit(wire, bytes, shown, part);
  };
  to.handlers = watchHandlers(client, { handlers: to.handlers });
}

/** Handlers that also emit. A PUBLISH is emitted on delivery, because most of them need no handler. */
function watchHandlers(client: ModuleClient, own: Pick<Profile, "handlers">): Handlers {
  const copy: Handlers = {};
  for (let type = 1; type < 16; type++) {
    const handler = own.handlers[type];
    if (handler) copy[type] = type === PUBLISH ? handler : watchHandler(client, own, type);
  }
  if (own.handlers.auth) copy.auth = own.handlers.auth;
  return copy;
}

function watchHandler(client: ModuleClient, own: Pick<Profile, "handlers">, type: number): Handler {
  return function (to, flags, bytes, at) {
    client.emit("packetreceive", { cmd: nameOf(bytes), length: bytes.length });
    // Through the table, because its entries are places of parts (build/parts.ts).
    return own.handlers[type]!(to, flags, bytes, at);
  };
}

function nameOf(bytes: Bytes): Bytes {
  return NAMES.split(" ")[bytes.charCodeAt(0) >> 4]!;
}

/** `bytes` are packets one after the other, or a piece of a large one. */
function tellSent(client: ModuleClient, bytes: Bytes): void {
  let at = client.rest!;
  while (at < bytes.length) {
    const rest = readVarint(bytes, at + 1);
    const length = 1 + varintSize(rest) + rest;
    client.emit("packetsend", { cmd: nameOf(bytes.substr(at, 1)), length });
    at += length;
  }
  client.rest = at - bytes.length;
}
