// The entry of the chaos run's bundle, as board/esp32/main-*.ts are of the others.
import { run } from "../../board/esp32/run";
import { stock } from "../../board/esp32/socket";
import { full } from "../../src/profile/full";
import { chaos } from "./app";

run(chaos, full, stock);
