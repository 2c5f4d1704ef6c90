// The tutorial's job: subscribe, publish `hello`, receive it back, close cleanly. The smallest whole application.

import { allowed5, FIVE } from "#five";
import type { Bytes } from "../board";
import { NUMBER, TEXT, TOPIC } from "../config/check";
import { hideSecrets } from "../config/url";
import { fall, stop } from "../link/ladder";
import type { AppModule } from "../link/power-on";
import { type App, type Link, UP } from "../link/rungs";
import { INFO, say, WARNING } from "../log";
import { brief } from "../mqtt/bytes";
import { publish, subscribe } from "../mqtt/request";
import {
  MAX_FIELD,
  NOT_AUTHORIZED,
  QUEUED,
  RETAIN,
  SUBSCRIPTION_FAILED,
  SUCCESS,
  UNSPECIFIED_ERROR,
} from "../mqtt/spec";
import { KEEP } from "../mqtt/state";
import type { AppsConfigFile } from "./config-file";

/** Seconds from CONNACK until the message must have come back. */
export const HELLO_DEADLINE_S = 15;

/** What to do where the broker takes or delivers a message not. In 3.1.1 it says nothing of it. */
const ACL = ": do the broker's access rules (ACL) let this user write and read it?";

/** The state of `hello`. */
interface Hello extends App {
  topic: Bytes;
  text: Bytes;
  qos: number;
  /** Answers still missing: PUBACK or PUBCOMP (1), the message (2), or SUBACK and then both (4). */
  awaited: number;
  /** Seconds until the deadline. */
  secondsLeft: number;
  /** Milliseconds since boot when SUBSCRIBE or PUBLISH was sent. */
  began: number;
}

export const hello: AppModule = {
  name: "hello",
  ownKeys: (profile) => ({
    app: {
      topic: [TOPIC, 1, MAX_FIELD, "mg/test"],
      message: [TEXT, 0, MAX_FIELD, "hello"],
      qos: [NUMBER, 0, profile.maxQos, 1],
    },
  }),
  make(config): Hello {
    const { topic, message, qos } = (config as AppsConfigFile).app;
    return {
      told: 1,
      topic,
      text: message,
      qos,
      awaited: 0,
      secondsLeft: 0,
      began: 0,
      up,
      received,
      everySecond,
    };
  },
};

function up(link: Link): void {
  const app = link.app as Hello;
  app.secondsLeft = HELLO_DEADLINE_S;
  // The session sends again what was not acknowledged. It does not know that a message was lost on its way back.
  if (app.awaited) return app.awaited === 2 ? greet(link) : undefined;
  app.awaited = 4;
  app.began = link.board.uptime();
  subscribe(link.client, [{ filter: app.topic, qos: app.qos }], function (reason, granted) {
    if (reason !== SUCCESS) return;
    if (granted.charCodeAt(0) >= SUBSCRIPTION_FAILED) {
      app.awaited = 0;
      const code = granted.charCodeAt(0).toString(16);
      return fall(
        link,
        "the broker refused the subscription to " + brief(app.topic) + ", reason 0x" + code,
        NOT_AUTHORIZED,
      );
    }
    say(link.log, INFO, "hello", "SUBSCRIBED to " + app.topic + tookMs(link));
    greet(link);
  });
}

function greet(link: Link): void {
  const app = link.app as Hello;
  const qos = FIVE ? allowed5(link.client, app.qos << 1) >> 1 : app.qos;
  if (FIVE && qos < app.qos)
    say(link.log, WARNING, "hello", "the broker takes QoS " + qos + " at most, less than app.qos");
  app.awaited = 3;
  app.began = link.board.uptime();
  const reason = publish(
    link.client,
    app.topic,
    app.text,
    qos,
    false,
    function (reason) {
      if (reason !== SUCCESS) return refused(link, reason);
      say(link.log, INFO, "hello", "PUBLISHED " + app.text + " -> " + app.topic + tookMs(link));
      came(link, 1);
    },
    KEEP,
  );
  if (reason > QUEUED) refused(link, reason);
}

/** The message cannot be published, by our limits, the broker's (MQTT 5), or its PUBACK (MQTT 5). */
function refused(link: Link, reason: number): void {
  const app = link.app as Hello;
  // Not at the end of the link, when what waits has no success either.
  if (link.state !== UP) return;
  app.awaited = 0;
  const why = "the message to " + brief(app.topic) + " was refused, reason 0x" + reason.toString(16);
  fall(link, reason === NOT_AUTHORIZED ? why + ACL : why, reason);
}

/** Notes that one of the awaited parts has come. Stops after the last one. */
function came(link: Link, what: number): void {
  const app = link.app as Hello;
  app.awaited &= ~what;
  // At QoS 2 the server's PUBREL, and so our PUBCOMP, come after the message.
  if (!app.awaited && !link.client.heldCount) stop(link);
}

/** @resident */
function received(link: Link, topic: Bytes, payload: Bytes, flags: number): void {
  const app = link.app as Hello;
  say(link.log, INFO, "hello", "RECEIVED " + hideSecrets(link.url, payload) + " <- " + topic);
  // A retained message is an old one.
  if (topic === app.topic && payload === app.text && !(flags & RETAIN)) came(link, 2);
}

function everySecond(link: Link): void {
  const app = link.app as Hello;
  came(link, 0);
  if (link.state === UP && !--app.secondsLeft)
    fall(link, "the message did not come back in 15 s from " + brief(app.topic) + ACL, UNSPECIFIED_ERROR);
}

function tookMs(link: Link): Bytes {
  return " " + (link.board.uptime() - (link.app as Hello).began) + " ms";
}
