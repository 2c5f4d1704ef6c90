// A device that obeys only messages of those who share its key, and signs what it says itself: it answers each command
// with the same words. To be read before making one's own: only the three lines with seal, open and newSigner matter.

import type { AppModule } from "../config/boot";
import { NUMBER, TEXT, TOPIC } from "../config/check";
import type { SignConfig } from "../config/config-file";
import { fall } from "../link/ladder";
import type { Link } from "../link/rungs";
import { INFO, say } from "../log";
import { publish, subscribe } from "../mqtt/request";
import { MAX_FIELD, NOT_AUTHORIZED, SUBSCRIPTION_FAILED } from "../mqtt/spec";
import { decodeKey, KEY_EXPECTED } from "../sign/key";
import { open, seal } from "../sign/sign";
import { MAX_ID, newSigner, type Sha256, type Signer } from "../sign/signer";

/** Bytes of a topic that are left for what stands behind `app.topic`. */
const SUFFIX = 8;

/** @param hash the board's */
export function signed(hash: Sha256): AppModule {
  return {
    name: "signed",
    rules: (profile) => ({
      topic: [TOPIC, 1, MAX_FIELD - SUFFIX, "mg/test"],
      message: [TEXT, 0, MAX_FIELD, "hello"],
      qos: [NUMBER, 0, profile.maxQos, 1],
    }),
    signRule: (board) => ({
      key: [
        function (key) {
          if (!hash("", "")) return "an Espruino with SHA-256 in its crypto, which this one has not";
          return typeof key === "string" && decodeKey(key) ? "" : KEY_EXPECTED;
        },
        0,
        0,
      ],
      id: [TEXT, 1, MAX_ID, board.serial()],
    }),
    make(config) {
      let signer: Signer | undefined;
      const commands = config.topic + "/command";

      function answer(link: Link, words: string): void {
        const topic = config.topic + "/answer";
        const envelope = seal(signer!, topic, words);
        if (envelope !== undefined) publish(link.client, topic, envelope, config.qos, false);
      }
      return {
        name: "signed",
        up(link) {
          const sign = link.config.sign as SignConfig;
          if (!signer) signer = newSigner(link.board, link.log, hash, decodeKey(sign.key)!, sign.id);
          sign.key = "";
          subscribe(link.client, [{ filter: commands, qos: config.qos }], function (_reason, granted) {
            if (granted.charCodeAt(0) === SUBSCRIPTION_FAILED)
              return fall(link, "the broker refused the subscription to " + commands, NOT_AUTHORIZED);
            // Not only politeness: it tells the others that we may have restarted.
            if (granted) answer(link, config.message);
          });
        },
        received(link, topic, payload) {
          const words = open(signer!, topic, payload);
          if (words === undefined) return;
          say(link.log, INFO, "signed", "RECEIVED " + words + " <- " + topic);
          answer(link, words);
        },
        everySecond() {},
      };
    },
  };
}
