// An application that obeys the orders in `app.message` and prints the results, for tests with MQTT 5 on the virtual
// board. Part of a bundle of its own: ES5, and nothing of Node.
//
// Words are separated by blanks, orders by semicolons: `sub <filter> <qos>`, `pub <topic> <count> <qos>` (numbers from 0),
// `with <topic> <payload> <seconds>` (expires, at QoS 1), `early` (the same before there is a connection), `stop <code>`.
import type { AppsConfigFile } from "../../src/app/config-file";
import { NUMBER, TEXT, TOPIC } from "../../src/config/check";
import type { AppModule } from "../../src/link/power-on";
import type { Link } from "../../src/link/rungs";
import { stopWith } from "../../src/link/stop-with";
import { publish, subscribe } from "../../src/mqtt/request";
import { publishWith } from "../../src/mqtt/v5/publish-with";
import { CONTENT_TYPE, MESSAGE_EXPIRY_INTERVAL, USER_PROPERTY } from "../../src/mqtt/v5/spec";

function hex(bytes: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (256 + bytes.charCodeAt(i)).toString(16).substr(1);
  return text;
}

export const told: AppModule = {
  name: "told",
  ownKeys: () => ({
    app: { topic: [TOPIC, 1, 64, "t"], message: [TEXT, 0, 1000, ""], qos: [NUMBER, 0, 2, 2] },
  }),
  make(config) {
    const orders = (config as AppsConfigFile).app.message.split(";");
    let most = 0;
    let begun = 0;
    let asked = 0;

    function print(link: Link, words: (string | number)[]): void {
      link.board.print(["="].concat(words.map(String)).join(" "));
    }
    /** Prints a result, and the largest number of messages that waited for answers at once. */
    function done(link: Link, name: string) {
      return (reason: number, codes: string) => print(link, ["done", name, reason, hex(codes) || "-", most]);
    }
    function look(link: Link): void {
      if (link.client.sent > most) most = link.client.sent;
    }
    function obey(link: Link, words: string[]): void {
      const name = words[1]!;
      const n = +words[2]!;
      if (words[0] === "sub") {
        const reason = subscribe(link.client, [{ filter: name, qos: n }], done(link, name));
        if (reason > 127) print(link, ["refused", name, reason]);
      } else if (words[0] === "with" || words[0] === "early") {
        const list = {
          [MESSAGE_EXPIRY_INTERVAL]: +words[3]!,
          [CONTENT_TYPE]: "text",
          [USER_PROPERTY]: ["a", "b"],
        };
        publishWith(link.client, name, words[2]!, list, 1, false, done(link, words[2]!));
      } else if (words[0] === "stop") stopWith(link, +name, {});
      else
        for (let i = 0; i < n; i++) {
          publish(link.client, name, ["", i].join(""), +words[3]!, false, done(link, ["", i].join("")));
        }
    }
    function all(link: Link, early: boolean): void {
      for (let i = 0; i < orders.length; i++) {
        const words = orders[i]!.split(" ");
        if ((words[0] === "early") === early) obey(link, words);
      }
    }
    return {
      name: "told",
      renew(link, next) {
        if (!asked) all(link, true);
        asked = 1;
        next();
      },
      up(link) {
        print(link, ["up", link.client.keepAliveS, link.client.sendQuota]);
        const client = link.client;
        const transmit = client.transmit;
        client.transmit = (wire, bytes, shown, part) => {
          look(link);
          return transmit(wire, bytes, shown, part);
        };
        if (!begun) all(link, false);
        begun = 1;
      },
      received(link, topic, payload, _flags, properties) {
        const list = properties || {};
        print(link, ["got", topic, payload, list[CONTENT_TYPE] || "-", list[MESSAGE_EXPIRY_INTERVAL] || "-"]);
      },
      everySecond() {},
    };
  },
};
