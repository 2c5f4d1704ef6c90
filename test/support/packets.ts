// Whole packets as they leave the outbox: the head that the encoder makes, and the payload.
import { encodeFilters, encodeSubscriptions, isTopicName, publishHead, requestHead, spec } from "#subject";
import type { Subscription } from "../../src/mqtt/encode.ts";

export function encodePublish(topic: string, payload: string, flags: number, id: number): string {
  if (!isTopicName(topic)) throw new Error(`bad topic ${topic}`);
  return publishHead(topic, payload.length, flags, id) + payload;
}

export function encodeSubscribe(id: number, subscriptions: Subscription[]): string {
  const payload = encodeSubscriptions(subscriptions);
  return requestHead(spec.SUBACK, payload.length, id) + payload;
}

export function encodeUnsubscribe(id: number, filters: string[]): string {
  const payload = encodeFilters(filters.map((filter) => ({ filter, qos: 0 })));
  return requestHead(spec.UNSUBACK, payload.length, id) + payload;
}
