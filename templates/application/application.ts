// An application in the firmware: it answers every message on {{NAME}}/in with the same on {{NAME}}/out. The firmware does
// the Wi-Fi, the connection, the log and the restarts: docs/own-app.md of espruino-mqtt-ws.
import type { AppModule } from "espruino-mqtt-ws/src/link/power-on";
import { publish, subscribe } from "espruino-mqtt-ws/src/mqtt/request";

export const application: AppModule = {
  name: "{{NAME}}",
  ownKeys: () => ({}),
  make() {
    return {
      up(link) {
        subscribe(link.client, [{ filter: "{{NAME}}/in", qos: 1 }]);
      },
      received(link, _topic, payload) {
        publish(link.client, "{{NAME}}/out", payload, 1, false);
      },
      everySecond() {},
    };
  },
};
