// client.request and client.respond: requests of MQTT 5 and their responses (4.10).

import { must } from "../mqtt/bytes";
import { QUEUED, SUCCESS } from "../mqtt/spec";
import { type Calls, NO_RESPONSE, newCalls, request, respond } from "../mqtt/v5/calls";
import { CORRELATION_DATA, RESPONSE_TOPIC } from "../mqtt/v5/spec";
import { toBytes } from "../text";
import { type Arguments, checkNames, optionsOf } from "./arguments";
import { errorOf, type ModuleClient, world } from "./client";
import type { Packet, Payload, RequestOptions } from "./mqtt-ws";

/** Seconds that a response may take, unless the call says otherwise. */
const TIMEOUT_S = 10;

/** request(topic, payload, [options]): a promise of the response's payload. A mistake rejects it, as a failure does. */
export function requestCall(client: ModuleClient, args: Arguments): never {
  return world.promise(function (done) {
    const options = optionsOf<RequestOptions>(args, 2);
    const topic = args[0] as string;
    must(typeof topic === "string", "topic: expected text");
    checkNames(options, " timeout ");
    must(client.link.client.five, "requests: only a connection of MQTT 5 has them");
    const calls = callsOf(client);
    const timeoutS = options.timeout === undefined ? TIMEOUT_S : ((options.timeout + 999) / 1000) | 0;
    const payload = toBytes(args[1] as Payload, world);
    const reason = request(
      calls,
      topic,
      payload,
      function (failed, response) {
        if (failed) done(failure(failed));
        else done(undefined, response);
      },
      timeoutS,
    );
    if (reason !== SUCCESS && reason !== QUEUED) done(failure(reason));
  }) as never;
}

/** respond(packet, payload): answers a message that asks for a response. */
export function respondCall(client: ModuleClient, args: Arguments): void {
  const packet = args[0] as Packet;
  const asked = packet && packet.properties;
  must(asked && asked.responseTopic !== undefined, "respond: this message asks for no response");
  const properties = {
    [RESPONSE_TOPIC]: asked!.responseTopic!,
    [CORRELATION_DATA]: asked!.correlationData,
  };
  const payload = toBytes(args[1] as Payload, world);
  const reason = respond(client.link.client, properties as Parameters<typeof respond>[1], payload, 1);
  if (reason !== SUCCESS && reason !== QUEUED) client.emit("error", failure(reason));
}

/** Responses come to a topic of this client alone. */
function callsOf(client: ModuleClient): Calls {
  if (!client.calls) client.calls = newCalls(client.link.client, "responses/" + client.link.login.clientId);
  return client.calls;
}

function failure(reason: number) {
  return errorOf(
    "request: " + (reason === NO_RESPONSE ? "no response" : world.profile.words(reason)),
    reason,
  );
}
