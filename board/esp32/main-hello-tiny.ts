// dist/hello-tiny.js: the tutorial's job, QoS 0 and 1.
import { hello } from "../../src/app/hello";
import { tiny } from "../../src/profile/tiny";
import { run } from "./run";
import { stock } from "./socket";

run(hello, tiny, stock);
