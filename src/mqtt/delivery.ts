// Reads packet by packet, and is the one place that calls the application on the general path. Both happen in one function at the
// bottom of the stack: what a packet brings, a message, a callback or a CONNACK, waits until its handler has returned. So the
// application, and what a new connection restores, have the whole stack (engine 19, 22).

import { FIVE } from "#five";
import { ERROR, say } from "../log";
import { drain, readFixedHeader } from "./receive";
import { resume } from "./resume";
import { CONNACK, DISCONNECT, PUBLISH, SUCCESS } from "./spec";
import { ACCEPTED_NOW, CLOSED, type Client, READY } from "./state";
import { accuse } from "./suspect";
import { flush } from "./write";

/**
 * Reads `rest`, and delivers what its packets bring. Call it when `receive` (receive.ts) returns DELIVERIES. One function: a
 * function for each packet would be made again for each packet (engine 10).
 * @returns SUCCESS when more bytes are needed, or a Reason Code to end the connection with
 */
export function deliver(client: Client): number {
  let reason = SUCCESS;
  const waits = client.pending[client.sent];
  client.corked = 1;
  for (;;) {
    const topic = client.messageTopic;
    if (topic) {
      const payload = client.messagePayload!;
      const flags = client.messageFlags!;
      const properties = FIVE ? client.messageProperties : undefined;
      client.messageTopic = "";
      delete client.messagePayload;
      delete client.messageFlags;
      if (FIVE) client.messageProperties = undefined;
      try {
        client.received(client.owner, topic, payload, flags, properties);
      } catch (error) {
        // The application's mistake: go on, so that nothing else is lost.
        say(client.log, ERROR, "app", "" + error);
      }
    } else if (client.connack > ACCEPTED_NOW) resume(client);
    else if (client.answers) {
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
    } else if (client.connack) {
      const present = client.connack - 1;
      client.connack = 0;
      try {
        if (client.state === READY) client.ready(client.owner, present);
      } catch (error) {
        say(client.log, ERROR, "app", "" + error);
      }
    } else {
      const packet = client.rest;
      if (reason || client.state === CLOSED || packet.length < client.need) break;
      const first = packet.charCodeAt(0);
      const type = client.drain ? PUBLISH : first >> 4;
      try {
        if (client.drain) reason = drain(client, client.drain);
        else {
          const at = readFixedHeader(client);
          const end = client.need;
          if (at < 0) reason = -at;
          else if (at && packet.length >= end) {
            client.rest = packet.substr(end);
            client.need = 2;
            reason = client.handlers[type]!(
              client,
              first & 15,
              client.rest ? packet.substr(0, end) : packet,
              at,
            );
          }
        }
      } catch (error) {
        // A mistake of an authentication method, which is the application's.
        say(client.log, ERROR, "app", "" + error);
      }
      // A whole packet was received: the server is alive.
      if (client.need === 2) client.silent = 0;
      // A CONNACK that refuses, and a DISCONNECT, are good packets.
      if (reason && type !== CONNACK && (!FIVE || type !== DISCONNECT)) {
        say(client.log, ERROR, "mqtt", "bad packet of type " + type);
        accuse(client, packet, reason);
      }
    }
    // Packets of the application come behind the answers so far.
    if (client.pending[client.sent]) flush(client);
  }
  if (client.state === CLOSED) client.rest = "";
  client.corked = 0;
  // flush would find out as well, but a call is dearer (engine 23).
  if (client.queue || client.tail || client.pending[client.sent]) flush(client);
  // What waited for an answer has been written: asks to be told when it has left.
  if (waits && client.state === READY && !client.pending[client.sent])
    client.unsent = client.untransmitted(client.wire);
  return reason;
}
