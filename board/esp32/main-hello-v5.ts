// dist/hello-v5.js: the tutorial's job, MQTT 5, and 3.1.1 where the server speaks no other.
import { hello } from "../../src/app/hello";
import { v5 } from "../../src/profile/v5";
import { run } from "./run";
import { stock } from "./socket";

run(hello, v5, stock);
