// dist/hello-tiny-lean.js: the tutorial's job, QoS 0 and 1, without the `ws` module.
import { hello } from "../../src/app/hello";
import { tiny } from "../../src/profile/tiny";
import { lean } from "./lean";
import { run } from "./run";

run(hello, tiny, lean);
