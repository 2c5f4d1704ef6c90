// The tutorial's job: subscribe, publish `hello`, receive it back, close cleanly. The smallest whole application.

import type { AppModule } from "../boot";
import { NUMBER, TEXT, TOPIC } from "../config";
import { fall, stop } from "../ladder";
import { INFO, say } from "../log";
import { publish, subscribe } from "../mqtt/request";
import {
  MAX_FIELD,
  NOT_AUTHORIZED,
  RETAIN,
  SUBSCRIPTION_FAILED,
  SUCCESS,
  UNSPECIFIED_ERROR,
} from "../mqtt/spec";
import { KEEP } from "../mqtt/state";
import { type Link, UP } from "../rungs";
import { hideSecrets } from "../url";

/** Seconds from CONNACK until the message must have come back. */
export const HELLO_DEADLINE_S = 15;

export const hello: AppModule = {
  name: "hello",
  rules: (profile) => ({
    topic: [TOPIC, 1, MAX_FIELD, "mg/test"],
    message: [TEXT, 0, MAX_FIELD, "hello"],
    qos: [NUMBER, 0, profile.maxQos, 1],
  }),
  make(config) {
    const topic = config.topic;
    const message = config.message;
    const qos = config.qos;
    /** What is still to come: our PUBACK or PUBCOMP (1), our message (2), SUBACK and all of that (4). */
    let awaited = 0;
    let left = 0;

    function note(link: Link, text: string): void {
      say(link.log, INFO, "hello", text);
    }
    function came(link: Link, what: number): void {
      awaited &= ~what;
      // At QoS 2 the server's PUBREL, and so our PUBCOMP, come after the message.
      if (!awaited && !link.client.helds) stop(link);
    }
    /** Calls `next` when an answer came, with the milliseconds it took. */
    function timed(link: Link, next: (ms: number, granted: string) => void) {
      const began = link.board.now();
      return function (reason: number, granted: string) {
        if (reason === SUCCESS) next(link.board.now() - began, granted);
      };
    }
    function greet(link: Link): void {
      const published = timed(link, function (ms) {
        note(link, "PUBLISHED " + message + " -> " + topic + " " + ms + " ms");
        came(link, 1);
      });
      awaited = 3;
      publish(link.client, topic, message, qos, false, published, KEEP);
    }
    return {
      name: "hello",
      up(link) {
        left = HELLO_DEADLINE_S;
        // What was not answered on an earlier connection is asked again by the session; a message that got lost on
        // its way back is not.
        if (awaited) return awaited === 2 ? greet(link) : undefined;
        awaited = 4;
        subscribe(
          link.client,
          [{ filter: topic, qos }],
          timed(link, function (ms, granted) {
            if (granted.charCodeAt(0) >= SUBSCRIPTION_FAILED) {
              awaited = 0;
              return fall(link, "the broker refused the subscription to " + topic, NOT_AUTHORIZED);
            }
            note(link, "SUBSCRIBED to " + topic + " " + ms + " ms");
            greet(link);
          }),
        );
      },
      message(link, from, payload, flags) {
        note(link, "RECEIVED " + hideSecrets(link.url, payload) + " <- " + from);
        // A retained copy is somebody's from before.
        if (from === topic && payload === message && !(flags & RETAIN)) came(link, 2);
      },
      second(link) {
        came(link, 0);
        if (link.state === UP && !--left)
          fall(link, "the message did not come back in 15 s", UNSPECIFIED_ERROR);
      },
    };
  },
};
