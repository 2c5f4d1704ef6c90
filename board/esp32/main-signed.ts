// dist/signed.js: takes signed commands only and signs its answers, all of MQTT 3.1.1.
import { signed } from "../../src/app/signed";
import { full } from "../../src/profile/full";
import { run } from "./run";
import { sha256 } from "./sha256";
import { stock } from "./socket";

run(signed(sha256), full, stock);
