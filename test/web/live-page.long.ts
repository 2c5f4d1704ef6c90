// The live page in a real browser, at a device on a virtual board: every control, and what the page says of each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { noBrowser, noteTexts, says } from "./browser.ts";
import { live } from "./live.ts";

const skip = noBrowser || missing("mosquitto");

test("live page: an output is switched, and the switch follows what the device says", { skip }, async (t) => {
  const { page, board, during, send } = await live(t);
  await during(page.getByRole("button", { name: "Read its configuration" }).click());
  const led = page.getByRole("switch", { name: "Switch led" });
  await during(led.and(page.locator("[aria-checked=false]")).waitFor());
  await during(led.click());
  await during(led.and(page.locator("[aria-checked=true]")).waitFor());
  assert.equal(board.pins.level("D2"), 1);
  await send("devices/lamp/pin/led/set", "off");
  await during(led.and(page.locator("[aria-checked=false]")).waitFor());
});

test("live page: a slider dims, a pulse is sent with its length", { skip }, async (t) => {
  const { page, during, heard } = await live(t);
  await during(page.getByRole("button", { name: "Read its configuration" }).click());
  const slider = page.getByRole("slider", { name: "Level of lamp" });
  await during(slider.fill("40"));
  await during(heard("devices/lamp/pin/lamp/set", /^40$/));
  await during(heard("devices/lamp/pin/lamp", /^40$/));
  await during(page.getByText("40 %", { exact: true }).waitFor());
  await page.getByRole("spinbutton", { name: "Pulse of led, ms" }).fill("300");
  await during(page.getByRole("button", { name: "Pulse of led" }).click());
  await during(heard("devices/lamp/pin/led/set", /^pulse 300$/));
});

test("live page: presses, inputs and curves follow the pins", { skip }, async (t) => {
  const { page, board, during, pass } = await live(t);
  for (const ms of [200, 1500]) {
    board.pins.put("D4", 0);
    await pass(ms);
    board.pins.put("D4", 1);
    await pass(200);
  }
  const presses = page.getByRole("log", { name: "Presses" });
  await during(says(presses, /button: short/));
  await during(says(presses, /button: long/));
  board.pins.put("D34", 0.25);
  await during(page.getByRole("img", { name: /^light: 25, between/ }).waitFor());
});

test("live page: every command, and its answer", { skip }, async (t) => {
  const { page, during, board } = await live(t);
  const answers = page.getByRole("list", { name: "What was asked, and the answers" });
  const press = (name: string) => during(page.getByRole("button", { name }).click());
  await press("Report now");
  await during(says(answers, /"jsVarsLow":/));
  await press("Look for networks");
  await during(says(answers, /^\[.*\]$/));
  await page.getByLabel("Level of its log", { exact: true }).selectOption("3");
  await press("Send: Level of its log");
  await during(says(answers, "cmd/log 3"));
  await page.getByLabel("Seconds between reports", { exact: true }).fill("5");
  await press("Send: Seconds between reports");
  await during(page.getByRole("img", { name: /^Free heap:/ }).waitFor());
  await page.getByLabel("Blink with an output", { exact: true }).fill("button");
  await press("Send: Blink with an output");
  await during(says(answers, /expected the name of an output/));
  await during(says(answers, "refused"));
  const { boots } = board;
  await press("Restart it");
  await during(page.getByRole("button", { name: "No", exact: true }).click());
  await press("Restart it");
  await during(page.getByRole("alertdialog").getByRole("button", { name: "Restart" }).click());
  await during(page.locator(".device .badge.restarting").waitFor());
  await during(page.locator(".device .badge.online").waitFor());
  assert.equal(board.boots, boots + 1);
});

test("live page: errors and warnings of the device are in the log, by level", { skip }, async (t) => {
  const { page, during, send } = await live(t);
  await send("devices/lamp/pin/nothing/set", "on");
  await send("devices/lamp/cmd/memory", "", { retain: true });
  const log = page.getByRole("log", { name: "Log" });
  await during(says(log, /pin nothing: no such output/));
  await page.getByRole("combobox", { name: "Show" }).selectOption("error");
  await during(log.locator("li.warning").first().waitFor({ state: "detached" }));
  await says(log, "error");
});

test("live page: a changed configuration is tried, kept, and shown with its progress", {
  skip,
}, async (t) => {
  const { page, during } = await live(t, { device: { telemetryS: 60 } });
  const card = page.getByRole("region", { name: "Configuration" });
  await during(card.getByRole("button", { name: "Read" }).click());
  await during(card.getByLabel("device.telemetryS", { exact: true }).fill("30"));
  await says(card, '{"device":{"telemetryS":30}}');
  const texts = await noteTexts(page, ".trial");
  await during(card.getByRole("button", { name: "Try it" }).click());
  await during(says(card, "Kept: the link came up with it."));
  assert.match(
    (await texts()).join("|"),
    /^The board restarts\. It has 120 s.*\|.*Kept: the link came up with it\.$/,
  );
  await during(card.getByRole("button", { name: "Read" }).click());
  await during(card.getByLabel("device.telemetryS", { exact: true }).waitFor());
  assert.equal(await card.getByLabel("device.telemetryS", { exact: true }).inputValue(), "30");
});

test("live page: a configuration without a link comes back with its reason; a wrong one is refused", {
  skip,
}, async (t) => {
  const { page, during } = await live(t, {}, {});
  const card = page.getByRole("region", { name: "Configuration" });
  await during(card.getByRole("button", { name: "Read" }).click());
  await during(card.getByLabel("mqtt.url", { exact: true }).fill("ws://127.0.0.1:1/mqtt"));
  await during(card.getByRole("button", { name: "Try it" }).click());
  await during(says(card, /^Not kept: rolled back: /));
  await during(card.getByRole("button", { name: "Read" }).click());
  await during(card.getByLabel("device.telemetryS", { exact: true }).fill("-5"));
  await during(card.getByRole("button", { name: "Try it" }).click());
  await during(
    says(page.getByRole("list", { name: "What was asked, and the answers" }), /device\.telemetryS: expected/),
  );
});

test("live page: a key is added, and another one removed", { skip }, async (t) => {
  const { page, during, heard } = await live(t);
  const card = page.getByRole("region", { name: "Configuration" });
  await during(card.getByRole("button", { name: "Read" }).click());
  await during(card.getByRole("button", { name: "Remove device.identify" }).click());
  await card.getByLabel("Key, as device.telemetryS").fill("device.pins.fan");
  await card.getByLabel(/^Value:/).fill('{"pin":"D19","use":"output"}');
  await card.getByRole("button", { name: "Add a key" }).click();
  await during(card.getByRole("button", { name: "Try it" }).click());
  const change = '{"device":{"identify":null,"pins":{"fan":{"pin":"D19","use":"output"}}}}';
  assert.equal(await during(heard("devices/lamp/cmd/config-set")), change);
  await during(says(card, "Kept: the link came up with it."));
});
