// config.json of a board of the fleet.
import { idOf, type Part, topicOf } from "./fleet.ts";

/** Seconds that the broker keeps the session of a board: longer than any story. */
const SESSION_S = 7200;

export function configOf({ url, version, everyS }: Part, board: number): string {
  return JSON.stringify({
    wifi: { ssid: "fleet" },
    mqtt: {
      url,
      clientId: idOf(board),
      cleanSession: false,
      ...(version === 5 && { properties: { sessionExpiry: SESSION_S } }),
    },
    app: { topic: topicOf(board), message: `${everyS}` },
    log: 0,
  });
}
