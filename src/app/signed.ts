// A small device that obeys only messages signed with its key, and signs its own. It answers each command with the same
// words. Read it before you write your own: only the three lines with newSigner, seal and open matter.

import type { Bytes, Hmac } from "../board";
import { NUMBER, TEXT, TOPIC } from "../config/check";
import { decodeKey } from "../config/key";
import { fall } from "../link/ladder";
import type { AppModule } from "../link/power-on";
import type { App, Link } from "../link/rungs";
import { INFO, say } from "../log";
import { brief } from "../mqtt/bytes";
import { publish, subscribe } from "../mqtt/request";
import { MAX_FIELD, NOT_AUTHORIZED, SUBSCRIPTION_FAILED } from "../mqtt/spec";
import { open, seal } from "../sign/sign";
import { newSigner, type Signer } from "../sign/signer";
import type { AppsConfigFile, SignConfig } from "./config-file";
import { signKeys } from "./keys";

/** Bytes of a topic that are kept for the level after `app.topic`. */
const SUFFIX = 8;

/** The state of `signed`. */
interface Signed extends App {
  hmac: Hmac;
  topic: Bytes;
  /** Its first message. */
  text: Bytes;
  qos: number;
  /** Until the first connection. */
  sign?: SignConfig;
  /** From the first connection on. */
  signer?: Signer;
}

/** @param hmac the board's HMAC-SHA256 */
export function signed(hmac: Hmac): AppModule {
  return {
    name: "signed",
    ownKeys: (profile, board) => ({
      app: {
        topic: [TOPIC, 1, MAX_FIELD - SUFFIX, "mg/test"],
        message: [TEXT, 0, MAX_FIELD, "hello"],
        qos: [NUMBER, 0, profile.maxQos, 1],
      },
      sign: signKeys(board, hmac),
    }),
    make(file): Signed {
      const { topic, message, qos } = (file as AppsConfigFile).app;
      const sign = (file as AppsConfigFile).sign;
      return {
        hmac,
        topic,
        text: message,
        qos,
        sign,
        up,
        received,
        everySecond() {},
      };
    },
  };
}

function up(link: Link): void {
  const app = link.app as Signed;
  const commands = app.topic + "/command";
  const sign = app.sign;
  if (sign) app.signer = newSigner(link.board, link.log, app.hmac, decodeKey(sign.key)!, sign.id);
  app.sign = undefined;
  subscribe(link.client, [{ filter: commands, qos: app.qos }], function (_reason, granted) {
    if (granted.charCodeAt(0) === SUBSCRIPTION_FAILED)
      return fall(link, "the broker refused the subscription to " + brief(commands), NOT_AUTHORIZED);
    // The greeting also tells the other senders that this board may have restarted.
    if (granted) answer(link, app.text);
  });
}

function answer(link: Link, words: Bytes): void {
  const app = link.app as Signed;
  const topic = app.topic + "/answer";
  const envelope = seal(app.signer!, topic, words);
  if (envelope !== undefined) publish(link.client, topic, envelope, app.qos, false);
}

function received(link: Link, topic: Bytes, payload: Bytes): void {
  const words = open((link.app as Signed).signer!, topic, payload);
  if (words === undefined) return;
  say(link.log, INFO, "signed", "RECEIVED " + words + " <- " + topic);
  answer(link, words);
}
