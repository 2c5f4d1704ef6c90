// An application that uses what stands in src/ for applications only: AUTH, renewed credentials, requests, an end with a
// reason. Part of a bundle of its own: ES5, and nothing of Node.
import type { AppsConfigFile } from "../../src/app/config-file";
import { TEXT } from "../../src/config/check";
import { authenticate } from "../../src/link/authenticate";
import { fall } from "../../src/link/ladder";
import type { AppModule } from "../../src/link/power-on";
import { takeUrl } from "../../src/link/renew";
import { stopWith } from "../../src/link/stop-with";
import { NOT_AUTHORIZED } from "../../src/mqtt/spec";
import { type Calls, newCalls, request, responded, secondOfCalls } from "../../src/mqtt/v5/calls";
import { REASON_STRING } from "../../src/mqtt/v5/spec";

export const reach: AppModule = {
  name: "reach",
  // `message` is the URL that it takes before each attempt.
  ownKeys: () => ({ app: { message: [TEXT, 0, 1000, ""] } }),
  make(config) {
    const url = (config as AppsConfigFile).app.message;
    let calls: Calls | undefined;
    return {
      name: "reach",
      begin(link) {
        authenticate(link, {
          method: "PLUS",
          next(data) {
            link.board.print("= next " + data);
            return data + "!";
          },
        });
      },
      renew(link, next) {
        const wrong = takeUrl(link, url);
        if (wrong) fall(link, "no new credentials: " + wrong, NOT_AUTHORIZED);
        else next();
      },
      up(link) {
        const mine = newCalls(link.client, "answers");
        calls = mine;
        request(
          mine,
          "asked",
          "what",
          (reason, payload) => {
            link.board.print("= answer " + reason + " " + payload);
            stopWith(link, 4, { [REASON_STRING]: "done" });
          },
          5,
        );
      },
      received(_link, topic, payload, _flags, properties) {
        if (calls) responded(calls, topic, payload, properties);
      },
      everySecond() {
        if (calls) secondOfCalls(calls);
      },
    };
  },
};
