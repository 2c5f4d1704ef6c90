// dist/mqtt-ws.js: the module for programs of one's own, all of MQTT 3.1.1, through Espruino's `ws` module.
import { full } from "../../src/profile/full";
import { provide } from "./module";
import { stock } from "./socket";

provide(full, stock);
