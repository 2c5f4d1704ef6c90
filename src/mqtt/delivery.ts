// The one place that calls the application. A message, a callback or a CONNACK waits until its packet is read: then the readers
// have returned, and the application has the whole stack (engine 22).

import { FIVE } from "#five";
import { ERROR, say } from "../log";
import { readOn } from "./receive";
import { SUCCESS } from "./spec";
import { type Client, READY } from "./state";
import { flush } from "./write";

/**
 * Delivers what the last packet has brought, then reads on. Call it for as long as `receive` (receive.ts), or this function,
 * returns DELIVERIES. Returns as `receive`.
 */
export function deliver(client: Client): number {
  const topic = client.messageTopic;
  if (topic) {
    const payload = client.messagePayload;
    const flags = client.messageFlags;
    const properties = FIVE ? client.messageProperties : undefined;
    client.messageTopic = client.messagePayload = "";
    client.messageFlags = 0;
    if (FIVE) client.messageProperties = undefined;
    try {
      client.received(client.owner, topic, payload, flags, properties);
    } catch (error) {
      // The application's mistake: go on, so that nothing else is lost.
      say(client.log, ERROR, "app", "" + error);
    }
  }
  if (client.answers || client.connack) deliverAnswers(client);
  // Packets of the application come behind the answers so far.
  if (client.pending[client.sent]) flush(client);
  if (client.rest || client.answers) return readOn(client);
  client.corked = 0;
  // flush would find out as well, but a call is dearer (engine 23).
  if (client.queue || client.tail || client.pending[client.sent]) flush(client);
  return SUCCESS;
}

/** Calls the callbacks that wait, in order, and then `ready` after a CONNACK. */
function deliverAnswers(client: Client): void {
  while (client.answers) {
    const answers = client.answers;
    client.answers = undefined;
    for (let i = 0; i < answers.length; i++) {
      const answer = answers[i]!;
      try {
        answer.done(answer.reason, answer.granted);
      } catch (error) {
        say(client.log, ERROR, "app", "" + error);
      }
      if (client.pending[client.sent]) flush(client);
    }
  }
  const present = client.connack - 1;
  client.connack = 0;
  if (present < 0 || client.state !== READY) return;
  try {
    client.ready(client.owner, present);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error);
  }
}
