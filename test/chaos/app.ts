// The device of the chaos run: publishes numbered messages at QoS 1 and 2 as fast as the outbox takes them, and prints
// what it is told, so that the host can count. Part of a bundle of its own: ES5, and nothing of Node.
import type { AppModule } from "../../src/boot";
import { NUMBER, TEXT, TOPIC } from "../../src/config";
import { stop } from "../../src/ladder";
import { publish, subscribe } from "../../src/mqtt/request";
import { SUCCESS } from "../../src/mqtt/spec";
import type { Link } from "../../src/rungs";
import { payloadOf } from "./payload";

/** First Reason Code that is a refusal. */
const REFUSED = 0x80;

/** `app.message` is how many messages at each QoS, `app.topic` where: topic/up/qos and topic/down/qos. */
export const chaos: AppModule = {
  name: "chaos",
  rules: () => ({
    topic: [TOPIC, 1, 64, "chaos"],
    message: [TEXT, 1, 9, "100"],
    qos: [NUMBER, 0, 2, 2],
  }),
  make(config) {
    const topic = config.topic;
    const count = +config.message;
    /** By QoS: the next message to be published, and to be received. */
    const next = [0, 0, 0];
    const expected = [0, 0, 0];
    /** The most that was ever there, see {@link look}. */
    const most: number[] = [];
    let told = 0;
    let begun = 0;

    function look(link: Link): void {
      const client = link.client;
      const figures = [
        client.out.length,
        client.bytes,
        client.sent,
        client.helds,
        client.unsent,
        client.queue.length,
        client.rest.length,
        client.subs.length,
      ];
      let grown = 0;
      for (let i = 0; i < figures.length; i++) {
        if (figures[i]! <= most[i]!) continue;
        most[i] = figures[i]!;
        grown = 1;
      }
      if (grown) link.board.print("= most " + most.join(" "));
    }
    function pour(link: Link): void {
      for (;;) {
        const qos = next[1]! <= next[2]! ? 1 : 2;
        const n = next[qos]!;
        if (n >= count) break;
        const done = function (reason: number): void {
          told++;
          link.board.print("= told " + qos + " " + n + " " + reason);
          if (reason === SUCCESS) pour(link);
        };
        if (publish(link.client, topic + "/up/" + qos, payloadOf(n), qos, false, done) >= REFUSED) break;
        next[qos]!++;
      }
      look(link);
    }
    return {
      name: "chaos",
      up(link) {
        const list = [];
        // Once: what follows is the core's to restore.
        if (!begun) {
          for (let qos = 1; qos <= 2; qos++) list.push({ filter: topic + "/down/" + qos, qos });
          subscribe(link.client, list, () => link.board.print("= subscribed"));
        }
        begun = 1;
        pour(link);
      },
      message(link, from, payload) {
        const qos = +from.substr(from.length - 1);
        const n = parseInt(payload, 10);
        const good = payload === payloadOf(n);
        link.board.print("= " + (good ? "got " : "bad ") + qos + " " + n + (good ? "" : " " + JSON.stringify(payload)));
        if (n === expected[qos]) expected[qos]!++;
        look(link);
      },
      second(link) {
        pour(link);
        if (told < 2 * count || expected[1]! < count || expected[2]! < count || link.client.helds) return;
        link.board.print("= complete");
        stop(link);
      },
    };
  },
};
