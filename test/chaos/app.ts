// The application of the chaos run: publishes numbered messages at QoS 1 and 2 as fast as the outbox takes them, and
// prints each event, so that the test can count. Part of a bundle of its own: ES5, and nothing of Node.
import type { AppsConfigFile } from "../../src/app/config-file";
import { NUMBER, TEXT, TOPIC } from "../../src/config/check";
import { stop } from "../../src/link/ladder";
import type { AppModule } from "../../src/link/power-on";
import type { Link } from "../../src/link/rungs";
import { publish, subscribe } from "../../src/mqtt/request";
import { SUCCESS } from "../../src/mqtt/spec";
import { payloadOf } from "./payload";

/** First Reason Code that is a refusal. */
const REFUSED = 0x80;

/**
 * `app.message` is the number of messages at each QoS, up and down. They go to topic/up/qos and topic/down/qos, where
 * topic is `app.topic`.
 */
export const chaos: AppModule = {
  name: "chaos",
  ownKeys: () => ({
    app: {
      topic: [TOPIC, 1, 64, "chaos"],
      message: [TEXT, 3, 20, "100 100"],
      qos: [NUMBER, 0, 2, 2],
    },
  }),
  make(file) {
    const config = (file as AppsConfigFile).app;
    const topic = config.topic;
    const up = +config.message.split(" ")[0]!;
    const down = +config.message.split(" ")[1]!;
    /** The next message to publish, and the next to receive, by QoS. */
    const next = [0, 0, 0];
    const expected = [0, 0, 0];
    /** Maximum of each figure, see {@link look}. */
    const most: number[] = [];
    let told = 0;
    let begun = 0;

    function look(link: Link): void {
      const client = link.client;
      const figures = [
        client.pending.length,
        client.outboxBytes,
        client.sent,
        client.heldCount,
        client.unsent,
        client.queue.length,
        client.rest.length,
        client.subscriptions.length,
      ];
      let grown = 0;
      for (let i = 0; i < figures.length; i++) {
        if (figures[i]! <= most[i]!) continue;
        most[i] = figures[i]!;
        grown = 1;
      }
      if (grown) link.board.print(["= most"].concat(most.map(String)).join(" "));
    }
    function pour(link: Link): void {
      for (;;) {
        const qos = next[1]! <= next[2]! ? 1 : 2;
        const n = next[qos]!;
        if (n >= up) break;
        const done = (reason: number): void => {
          told++;
          link.board.print(["= told", qos, n, reason].join(" "));
          if (reason === SUCCESS) pour(link);
        };
        const to = [topic, "up", qos].join("/");
        if (publish(link.client, to, payloadOf(n), qos, false, done) >= REFUSED) break;
        next[qos]!++;
      }
      look(link);
    }
    return {
      name: "chaos",
      up(link, present) {
        const list = [];
        // The server has forgotten the session, and with it what it had accepted with PUBREC.
        if (begun && !present) link.board.print("= anew");
        // Once; later the core renews the subscriptions.
        if (!begun) {
          for (let qos = 1; qos <= 2; qos++) list.push({ filter: [topic, "down", qos].join("/"), qos });
          subscribe(link.client, list, () => link.board.print("= subscribed"));
        }
        begun = 1;
        pour(link);
      },
      received(link, from, payload) {
        const qos = +from.substr(from.length - 1);
        const n = parseInt(payload, 10);
        const good = payload === payloadOf(n);
        link.board.print(good ? ["= got", qos, n].join(" ") : ["= bad", qos, n, payload].join(" "));
        if (n === expected[qos]) expected[qos]!++;
        look(link);
      },
      everySecond(link) {
        pour(link);
        // Everything is answered, including the renewal of the subscriptions.
        if (!link.client.pending.length) link.board.print("= quiet");
        if (told < 2 * up || expected[1]! < down || expected[2]! < down || link.client.heldCount) return;
        link.board.print("= complete");
        stop(link);
      },
    };
  },
};
