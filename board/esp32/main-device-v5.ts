// dist/device-v5.js: a device that config.json describes.
import { device } from "../../src/app/device";
import { v5 } from "../../src/profile/v5";
import { chip } from "./chip";
import { pins } from "./pins";
import { run } from "./run";
import { sha256 } from "./sha256";
import { stock } from "./socket";

run(device({ pins, chip, hash: sha256 }), v5, stock);
