// dist/mqtt-ws-v5-lean.js: the module for programs of one's own, MQTT 5, and 3.1.1, without the `ws` module.
import { v5 } from "../../src/profile/v5";
import { lean } from "./lean";
import { provide } from "./module";

provide(v5, lean);
