// dist/hello-lean.js: the tutorial's job, all of MQTT 3.1.1, without the `ws` module.
import { hello } from "../../src/app/hello";
import { full } from "../../src/profile/full";
import { lean } from "./lean";
import { run } from "./run";

run(hello, full, lean);
