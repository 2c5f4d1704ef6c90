// What a client asks of the server: PUBLISH, SUBSCRIBE, UNSUBSCRIBE, each with an identifier that is not in use, and
// a callback for its answer.

import type { Bytes } from "../board";
import { must } from "./bytes";
import { sendPacket } from "./client";
import { encodePublish, encodeSubscribe, encodeUnsubscribe, type Subscription } from "./encode";
import {
  MAX_IDENTIFIER,
  PUBACK,
  PUBREC,
  QUOTA_EXCEEDED,
  RETAIN,
  SUBACK,
  SUCCESS,
  UNSPECIFIED_ERROR,
  UNSUBACK,
} from "./spec";
import { type Client, type Done, MAX_INFLIGHT, READY } from "./state";

/**
 * Publishes a message (3.3).
 * @param payload 0 bytes or more
 * @param qos 0, 1 or, in builds that know it, 2
 * @param done is called once, and only when SUCCESS was returned; at QoS 0 at once
 * @returns SUCCESS, UNSPECIFIED_ERROR while not connected, QUOTA_EXCEEDED while MAX_INFLIGHT packets wait
 */
export function publish(
  client: Client,
  topic: Bytes,
  payload: Bytes,
  qos: number,
  retain: boolean,
  done?: Done,
): number {
  checkQos(client, qos);
  const id = qos ? nextIdentifier(client) : 0;
  const bytes = encodePublish(topic, payload, (qos << 1) | (retain ? RETAIN : 0), id);
  if (!qos && client.state === READY) {
    sendPacket(client, bytes);
    if (done) done(SUCCESS, "");
    return SUCCESS;
  }
  return request(client, bytes, id, qos === 2 ? PUBREC : PUBACK, 0, done);
}

/** Subscribes to filters (3.8). Returns as {@link publish}; `done` gets a return code for each filter. */
export function subscribe(client: Client, subscriptions: Subscription[], done?: Done): number {
  const id = nextIdentifier(client);
  for (let i = 0; i < subscriptions.length; i++) checkQos(client, subscriptions[i]!.qos);
  return request(client, encodeSubscribe(id, subscriptions), id, SUBACK, subscriptions.length, done);
}

/** Ends subscriptions (3.10). Returns as {@link publish}. */
export function unsubscribe(client: Client, filters: Bytes[], done?: Done): number {
  const id = nextIdentifier(client);
  return request(client, encodeUnsubscribe(id, filters), id, UNSUBACK, 0, done);
}

/** The Quality of Service levels of this build: 0, 1 and, where its packets are known, 2. */
function checkQos(client: Client, qos: number): void {
  must(qos === 0 || qos === 1 || (qos === 2 && client.kinds[PUBREC]), "bad QoS " + qos);
}

/** Sends a packet whose answer is of the given kind. */
function request(client: Client, bytes: Bytes, id: number, kind: number, n: number, done?: Done): number {
  if (client.state !== READY) return UNSPECIFIED_ERROR;
  if (client.outs >= MAX_INFLIGHT) return QUOTA_EXCEEDED;
  client.id = id;
  client.outs++;
  client.out[id] = { kind, n, done };
  sendPacket(client, bytes);
  return SUCCESS;
}

/**
 * The next identifier that is not in use [MQTT-2.3.1-2]: 1..65,535, counting up and round again. Never the lowest
 * free one: a server may still hold a QoS 2 message under a number that is free here, and would drop the new one.
 */
function nextIdentifier(client: Client): number {
  let id = client.id;
  do id = id < MAX_IDENTIFIER ? id + 1 : 1;
  while (client.out[id]);
  return id;
}
