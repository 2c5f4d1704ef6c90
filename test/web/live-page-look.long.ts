// The live page for all: on a phone, in the dark, by keyboard alone, as a file and beside the demo's broker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { start } from "../flash/command.ts";
import { noBrowser, opened, says } from "./browser.ts";
import { live } from "./live.ts";

const skip = noBrowser || missing("mosquitto");

test("live page: on a phone one thing is seen at a time, and nothing is wider than the screen", {
  skip,
}, async (t) => {
  const { page, during } = await live(t, {}, { viewport: { width: 360, height: 740 } });
  const fits = () =>
    page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
  await during(page.locator("#device:focus").waitFor());
  await during(page.getByRole("button", { name: "Read its configuration" }).click());
  await during(
    page.getByRole("region", { name: "Configuration" }).getByLabel("wifi.ssid", { exact: true }).waitFor(),
  );
  assert.equal(await fits(), true);
  await page.getByRole("navigation").waitFor({ state: "hidden" });
  await during(page.getByRole("button", { name: /All devices/ }).click());
  await page.getByRole("navigation").waitFor();
  assert.equal(await fits(), true);
  await page.getByRole("button", { name: "Broker…" }).click();
  await page.getByRole("form", { name: "Your broker" }).waitFor();
  assert.equal(await fits(), true);
});

test("live page: light and dark follow the system, with text that can be read", { skip }, async (t) => {
  const { page } = await live(t, {}, { colorScheme: "dark" });
  const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const dark = await paper();
  await page.emulateMedia({ colorScheme: "light" });
  assert.notEqual(await paper(), dark);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    assert.ok(Math.min(...(await page.evaluate<number[]>(CONTRASTS))) >= 4.5, colorScheme);
  }
});

/** The least contrast (WCAG 1.4.3) of each pair of colours that stand on each other. */
const CONTRASTS = `(() => {
  const style = getComputedStyle(document.documentElement);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  const light = (name) => {
    canvas.fillStyle = style.getPropertyValue(name);
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((n) => (n /= 255) <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pairs = ["ink paper", "ink card", "quiet paper", "quiet card", "on-accent accent", "good good-faint", "warn warn-faint", "bad bad-faint", "bad card", "warn card", "accent card"];
  return pairs.map((pair) => {
    const [a, b] = pair.split(" ").map((name) => light("--" + name) + 0.05);
    return Math.max(a, b) / Math.min(a, b);
  });
})()`;

test("live page: by keyboard alone: find the device, read it, switch an output", { skip }, async (t) => {
  const { page, during, board } = await live(t);
  await page.getByRole("button", { name: "Broker…" }).focus();
  const press = (key: string) => during(page.keyboard.press(key));
  await press("Tab");
  await press("Enter");
  await during(page.locator("#device:focus").waitFor());
  await during(page.getByRole("button", { name: "Read its configuration" }).focus());
  await press("Enter");
  const led = page.getByRole("switch", { name: "Switch led" });
  await during(led.waitFor());
  await led.focus();
  await press("Space");
  await during(page.getByRole("switch", { name: "Switch led", checked: true }).waitFor());
  assert.equal(board.pins.level("D2"), 1);
  const heard = page.getByRole("status").filter({ hasText: "lamp, pin/led/set: answered" });
  await during(heard.waitFor());
});

test("live page: every control has a name", { skip }, async (t) => {
  const { page, during } = await live(t, { device: { update: { key: "00".repeat(32) } } });
  await during(page.getByRole("button", { name: "Read its configuration" }).click());
  await during(
    page.getByRole("region", { name: "Configuration" }).getByLabel("wifi.ssid", { exact: true }).waitFor(),
  );
  await page.getByRole("button", { name: "Broker…" }).click();
  const nameless = await page.evaluate<string[]>(
    `[...document.querySelectorAll("button, input, select, textarea, progress, [role=img]")]
      .filter((it) => !(it.ariaLabel || it.labels?.length || it.textContent.trim())).map((it) => it.outerHTML)`,
  );
  assert.deepEqual(nameless, []);
});

test("npm start -- --app device: prints the page's address, and the page shows the board and moves it", {
  skip: noBrowser,
}, async (t) => {
  const demo = start(t, [process.execPath, "bin/espruino-mqtt-ws.js", "start", "--app", "device"]);
  await demo.until(/the live page is at (http:\S+)/);
  const [, address] = /the live page is at (http:\S+)/.exec(demo.out)!;
  const page = await opened(t, address!);
  await page.getByRole("button", { name: /^demo/ }).click();
  await page.getByRole("button", { name: "Read its configuration" }).click();
  await page.getByRole("switch", { name: "Switch led" }).click();
  await page.getByRole("switch", { name: "Switch led", checked: true }).waitFor();
  await demo.until(/-- pin led D2: on/);
  demo.child.stdin!.write("broker\n");
  await says(page.getByRole("status"), /^The broker is gone/);
  demo.child.stdin!.write("broker\n");
  await says(page, "connected");
  await page.getByRole("button", { name: "Restart it" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Restart" }).click();
  await says(page.locator("#device"), "since just now");
  demo.child.stdin!.write("quit\n");
  assert.equal((await demo.ended).code, 0);
});
