// dist/device-v5-lean.js: a device that config.json describes.
import { device } from "../../src/app/device";
import { v5 } from "../../src/profile/v5";
import { chip } from "./chip";
import { lean } from "./lean";
import { pins } from "./pins";
import { run } from "./run";
import { sha256 } from "./sha256";

run(device({ pins, chip, hash: sha256 }), v5, lean);
