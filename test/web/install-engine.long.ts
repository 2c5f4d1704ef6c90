// The installer at a real engine, behind the same pseudo terminal as flash.sh in its tests.
import { test } from "node:test";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { noEngine } from "../engine/engine.ts";
import { EnginePort } from "../flash/engine-port.ts";
import { fileAddress, noBrowser, opened, says } from "./browser.ts";
import { Chip } from "./serial.ts";

const skip = noBrowser || noEngine || missing("socat") || missing("mosquitto");

test("installer: uploads to a real engine, which restarts and says hello", { skip }, async (t) => {
  const url = await mosquitto(t);
  const engine = await EnginePort.start(t);
  const line = await SerialLine.open(engine.path);
  t.after(() => line.close());
  const chip = new Chip();
  chip.onBytes = (bytes) => void line.write(bytes);
  line.onBytes = (bytes) => chip.write(bytes);
  const page = await opened(t, await fileAddress("install"), {}, (it) => chip.plugInto(it));
  await page.getByLabel("Program").selectOption("hello-lean");
  await page.getByLabel("Wi-Fi network", { exact: true }).fill("lab");
  await page.getByLabel("Its password", { exact: true }).fill("wifi-secret");
  await page.getByLabel("Broker", { exact: true }).fill(url);
  await page.getByRole("button", { name: "Install", exact: true }).click();
  const log = page.getByRole("log");
  await says(log, "-- the link is up");
  await says(log, /hello RECEIVED hello <- mg\/test/);
});
