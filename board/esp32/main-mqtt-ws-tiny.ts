// dist/mqtt-ws-tiny.js: the module for programs of one's own, MQTT 3.1.1 at QoS 0 and 1, through Espruino's `ws` module.
import { tiny } from "../../src/profile/tiny";
import { provide } from "./module";
import { stock } from "./socket";

provide(tiny, stock);
