// An application for the bench on the engine. It tells the harness (harness.ts) when it is subscribed and what it
// receives, and publishes what the harness gives it.

import type { AppModule } from "../../src/link/power-on";
import type { Link } from "../../src/link/rungs";
import { publish, subscribe } from "../../src/mqtt/request";
import { KEEP } from "../../src/mqtt/state";

/** @param waits the number of messages whose exchange is not over */
declare function up(
  publisher: (topic: string, payload: string, qos: number) => void,
  waits: () => number,
): void;
/** Of the harness: resident, as in any application that messages come to. */
declare function taken(link: Link, topic: string, payload: string): void;

export const bench: AppModule = {
  name: "bench",
  ownKeys: () => ({ app: {} }),
  make: () => ({ up: subscribed, received: taken, everySecond() {} }),
};

function subscribed(link: Link): void {
  subscribe(link.client, [{ filter: "b/in", qos: 1 }], (reason) => {
    if (!reason)
      up(
        (topic, payload, qos) => publish(link.client, topic, payload, qos, false, undefined, KEEP),
        () => link.client.pending.length + link.client.heldCount,
      );
  });
}
