// dist/mqtt-ws-tiny-lean.js: the module for programs of one's own, MQTT 3.1.1 at QoS 0 and 1, without the `ws` module.
import { tiny } from "../../src/profile/tiny";
import { lean } from "./lean";
import { provide } from "./module";

provide(tiny, lean);
