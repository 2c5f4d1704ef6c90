// The one place where the application is called. What a packet brings waits until that packet is read: by then the way
// up from the socket has returned, and the application has the stack to itself.

import { FIVE } from "#five";
import { ERROR, say } from "../log";
import { readOn } from "./receive";
import { SUCCESS } from "./spec";
import { type Client, READY } from "./state";
import { flush } from "./write";

/**
 * Hands over what the last packet has brought, then reads on. To be called for as long as {@link receive}, or it, returns
 * DELIVERIES. Returns as {@link receive}.
 * @resident module
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
      // The application's mistake; what follows must not be lost for it.
      say(client.log, ERROR, "app", "" + error);
    }
  }
  if (client.answers || client.connack) deliverAnswers(client);
  // What the application has asked for takes its place behind the answers so far.
  if (client.pending[client.sent]) flush(client);
  if (client.rest || client.answers) return readOn(client);
  client.corked = 0;
  // As flush would find out itself, at a higher price.
  if (client.queue || client.tail || client.pending[client.sent]) flush(client);
  return SUCCESS;
}

/** Tells what has become of packets of ours, in order; behind all of that, that the connection is ready. */
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
