// The live page beside a device on a virtual board.

import type { TestContext } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { type Rig, type RigOptions, rig } from "../device/rig.ts";
import { fileAddress, opened } from "./browser.ts";

export const PINS = {
  led: { pin: "D2", use: "output" },
  lamp: { pin: "D18", use: "pwm" },
  button: { pin: "D4", use: "input", inverted: true, longMs: 800 },
  light: { pin: "D34", use: "analog", everyS: 1, scale: 100, unit: "lux" },
};

/** Words that tell the page its broker. */
export function wordsFor(port: number, base = "devices"): string {
  return `#${new URLSearchParams({ broker: `ws://127.0.0.1:${port}/mqtt`, base })}`;
}

/** The page's clock when it is opened. */
const NOON = "2026-11-27T12:00:00Z";

export interface Live extends Rig {
  page: Page;
  /** Lets the board's time pass until something has happened in the page. */
  during<T>(what: Promise<T>): Promise<T>;
}

/** A device, and the page opened as a file, with the device chosen. */
export async function live(
  t: TestContext,
  options: RigOptions = {},
  more: BrowserContextOptions = {},
): Promise<Live> {
  const device = { pins: PINS, identify: "led", telemetryS: 0, ...options.device };
  const made = await rig(t, { ...options, device, page: true });
  const page = await opened(t, (await fileAddress("dashboard")) + wordsFor(made.port), more, (it) =>
    it.clock.install({ time: NOON }),
  );
  const during = <T>(what: Promise<T>) => passing(made, what);
  await during(page.getByRole("button", { name: /^lamp/ }).click());
  return { ...made, page, during };
}

async function passing<T>(board: Rig, what: Promise<T>): Promise<T> {
  let over = false;
  const end = what.finally(() => {
    over = true;
  });
  while (!over) {
    await board.pass(50);
    await new Promise((done) => setImmediate(done));
  }
  return end;
}
