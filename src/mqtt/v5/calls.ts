// Requests and their responses (4.10). A request names the topic for its response and a number; the response has the
// same number. Seconds are an input.

import type { Bytes } from "../../board";
import { must, u16 } from "../bytes";
import { publish, subscribe } from "../request";
import { QUOTA_EXCEEDED, SUCCESS } from "../spec";
import type { Client } from "../state";
import { encodeProperties, type Properties } from "./properties";
import { publishWith } from "./publish-with";
import { CORRELATION_DATA, RESPONSE_TOPIC } from "./spec";

/** Most requests that may wait for their responses. */
export const MAX_CALLS = 8;
/** Ours: no response came in time. */
export const NO_RESPONSE = 0x110;

interface Call {
  id: Bytes;
  secondsLeft: number;
  done: (reason: number, payload: Bytes, properties: Properties) => void;
}

export interface Calls {
  client: Client;
  /** Topic of the responses. */
  topic: Bytes;
  waiting: Call[];
  last: number;
}

/** Prepares requests: subscribes to the topic of their responses. No other client may subscribe to it. */
export function newCalls(client: Client, topic: Bytes): Calls {
  subscribe(client, [{ filter: topic, qos: 1 }]);
  return { client, topic, waiting: [], last: 0 };
}

/**
 * Publishes a request at QoS 1. If SUCCESS or QUEUED is returned, `done` is called once: with SUCCESS and the response,
 * with NO_RESPONSE, or with the reason of the failure.
 * @param timeoutS seconds, 1 or more; throws on less
 * @returns as `publish`; QUOTA_EXCEEDED when MAX_CALLS requests wait
 */
export function request(
  calls: Calls,
  topic: Bytes,
  payload: Bytes,
  done: Call["done"],
  timeoutS: number,
): number {
  must(timeoutS >= 1, "bad timeoutS");
  if (calls.waiting.length >= MAX_CALLS) return QUOTA_EXCEEDED;
  calls.last = (calls.last % 65535) + 1;
  const call = { id: u16(calls.last), secondsLeft: timeoutS, done };
  const properties = { [RESPONSE_TOPIC]: calls.topic, [CORRELATION_DATA]: call.id };
  calls.waiting.push(call);
  const reason = publishWith(calls.client, topic, payload, properties, 1, false, function (failed) {
    if (failed) end(calls, call.id, failed, "", {});
  });
  if (reason > 127) calls.waiting.pop();
  return reason;
}

/** Call it with every message. Returns whether the message is the response to a waiting request. */
export function responded(calls: Calls, topic: Bytes, payload: Bytes, properties?: Properties): boolean {
  const id = properties && properties[CORRELATION_DATA];
  return topic === calls.topic && id !== undefined && end(calls, id, SUCCESS, payload, properties!);
}

/** Call it once a second. */
export function secondOfCalls(calls: Calls): void {
  for (let i = calls.waiting.length; i--; ) {
    const call = calls.waiting[i];
    if (call && !--call.secondsLeft) end(calls, call.id, NO_RESPONSE, "", {});
  }
}

/**
 * Answers a request that has these properties. Returns as `publish`; NO_RESPONSE if it names no topic for a response. The
 * sender of the request chooses that topic: check first whether your application allows it.
 */
export function respond(client: Client, properties: Properties, payload: Bytes, qos: number): number {
  const topic = properties[RESPONSE_TOPIC];
  const id = properties[CORRELATION_DATA];
  if (topic === undefined) return NO_RESPONSE;
  // These properties were checked when they arrived. `publishWith` would check again, and add its code to every device.
  const more = encodeProperties(id === undefined ? {} : { [CORRELATION_DATA]: id });
  return publish(client, topic, payload, qos, false, undefined, undefined, more);
}

function end(calls: Calls, id: Bytes, reason: number, payload: Bytes, properties: Properties): boolean {
  for (let i = 0; i < calls.waiting.length; i++) {
    const call = calls.waiting[i]!;
    if (call.id !== id) continue;
    calls.waiting.splice(i, 1);
    call.done(reason, payload, properties);
    return true;
  }
  return false;
}
