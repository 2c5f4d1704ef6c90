// dist/hello-v5-lean.js: the same without the `ws` module.
import { hello } from "../../src/app/hello";
import { v5 } from "../../src/profile/v5";
import { lean } from "./lean";
import { run } from "./run";

run(hello, v5, lean);
