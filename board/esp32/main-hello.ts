// dist/hello.js: the tutorial's job, all of MQTT 3.1.1.
import { hello } from "../../src/app/hello";
import { full } from "../../src/profile/full";
import { run } from "./run";
import { stock } from "./socket";

run(hello, full, stock);
