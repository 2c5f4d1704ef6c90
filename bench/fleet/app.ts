// The application of the fleet: publishes numbered messages at QoS 1 and 2, takes numbered commands, and prints each event,
// so that the host can count. It runs on `src/` and as part of a bundle of its own: ES5, and nothing of Node.
import type { AppsConfigFile } from "../../src/app/config-file";
import { NUMBER, TEXT, TOPIC } from "../../src/config/check";
import type { AppModule } from "../../src/link/power-on";
import type { Link } from "../../src/link/rungs";
import { publish, subscribe } from "../../src/mqtt/request";
import { QUEUED, SUCCESS } from "../../src/mqtt/spec";

/** The host writes this file to stop the publishing. */
export const QUIET_FILE = "quiet";
/** Entries of the outbox from which on nothing more is published without a connection. */
const WAITING = 4;

/**
 * Messages go to `<app.topic>/up`, commands come to `<app.topic>/down`, as `<QoS> <number>`. `app.message` is the number of
 * seconds between two messages at each QoS. A failed attempt to connect also leaves one of each, which must outlive it.
 */
export const fleet: AppModule = {
  name: "fleet",
  ownKeys: () => ({
    app: {
      topic: [TOPIC, 1, 64, "fleet"],
      message: [TEXT, 1, 8, "10"],
      qos: [NUMBER, 0, 2, 2],
    },
  }),
  make(file) {
    const config = (file as AppsConfigFile).app;
    const topic = config.topic;
    const everyS = +config.message;
    /** The number of the next message, by QoS. */
    const next = [0, 0, 0];
    let secondsLeft = 0;
    let asked = 0;

    function put(link: Link): void {
      if (link.board.readFile(QUIET_FILE)) return;
      for (let qos = 1; qos <= 2; qos++) {
        const n = next[qos]!;
        const done = (reason: number): void => {
          link.board.print(["= ack", qos, n, reason].join(" "));
        };
        if (publish(link.client, topic + "/up", qos + " " + n, qos, false, done) > QUEUED) continue;
        next[qos] = n + 1;
        link.board.print(["= put", qos, n].join(" "));
      }
    }

    return {
      name: "fleet",
      begin(link) {
        // Boards that start together do not publish together.
        secondsLeft = 1 + ((link.board.chance() * everyS) | 0);
      },
      up(link, present) {
        link.board.print("= up " + present);
        if (asked) return;
        asked = 1;
        subscribe(link.client, [{ filter: topic + "/down", qos: 2 }], (reason) => {
          if (reason === SUCCESS) link.board.print("= ready");
        });
      },
      down(link, reason) {
        link.board.print("= down " + reason);
        if (link.client.pending.length < WAITING) put(link);
      },
      received(link, _topic, payload) {
        link.board.print("= got " + payload);
      },
      everySecond(link) {
        if (--secondsLeft > 0) return;
        secondsLeft = everyS;
        put(link);
      },
    };
  },
};
