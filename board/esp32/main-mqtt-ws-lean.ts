// dist/mqtt-ws-lean.js: the module for programs of one's own, all of MQTT 3.1.1, without the `ws` module.
import { full } from "../../src/profile/full";
import { lean } from "./lean";
import { provide } from "./module";

provide(full, lean);
