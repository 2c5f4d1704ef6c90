// dist/mqtt-ws-v5.js: the module for programs of one's own, MQTT 5, and 3.1.1, through Espruino's `ws` module.
import { v5 } from "../../src/profile/v5";
import { provide } from "./module";
import { stock } from "./socket";

provide(v5, stock);
