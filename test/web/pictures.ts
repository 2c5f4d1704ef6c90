// Pictures for the docs, taken of the built page at a device on a virtual board: `npm run docs:pictures`.

import { test } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import { noBrowser } from "./browser.ts";
import { live, PINS } from "./live.ts";

/** Seconds of measurements in the curve. */
const MEASURED_S = 240;

const LOOKS: [file: string, options: BrowserContextOptions][] = [
  ["live-page", { viewport: { width: 1180, height: 760 }, colorScheme: "light" }],
  ["live-page-dark", { viewport: { width: 1180, height: 760 }, colorScheme: "dark" }],
  ["live-page-phone", { viewport: { width: 390, height: 760 }, colorScheme: "light" }],
];

for (const [file, options] of LOOKS)
  test(`docs/${file}.png`, { skip: noBrowser }, async (t) => {
    const { page, board, during, pass, client } = await live(
      t,
      { device: { pins: PINS, telemetryS: 20 } },
      { ...options, timezoneId: "UTC", locale: "en" },
    );
    for (const [id, state] of [
      ["attic", "offline"],
      ["garden", "online"],
    ])
      await client.publishAsync(
        `devices/${id}/status`,
        JSON.stringify({ state, version: "0.1.0", rssi: -71, jsVars: 4712, reconnects: 3, reason: "lost" }),
        { retain: true, qos: 1 },
      );
    await during(page.getByRole("button", { name: "Read its configuration" }).click());
    await during(page.getByRole("switch", { name: "Switch led" }).click());
    await during(page.getByRole("slider", { name: "Level of lamp" }).fill("60"));
    for (let s = 0; s < MEASURED_S; s += 2) {
      board.pins.put("D34", 0.5 + 0.35 * Math.sin(s / 35) + 0.05 * Math.sin(s / 5));
      await pass(2000);
      await page.clock.runFor(2000);
    }
    await during(page.getByText("60 %", { exact: true }).waitFor());
    await page.screenshot({ path: `docs/${file}.png`, animations: "disabled" });
  });
