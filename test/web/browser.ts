// A real browser for the tests: Debian's chromium, without a window. A page's uncaught error, or one that its policy
// reports, fails the test.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { ensurePage, fileOf, pageOf } from "../../build/web/pages.ts";
import { missing } from "../brokers/mosquitto.ts";

/** Why tests with a browser are skipped, or false. Throws where CI is set. */
export const noBrowser = missing("chromium");

/** A name that this machine answers to and that is neither https nor local for the browser. */
export const PLAIN_HOST = "board.example";

let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

function launched(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Started as root, it has no sandbox.
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`],
  });
  return browser;
}

/** The address of a built page as a file. */
export async function fileAddress(name: string): Promise<string> {
  await ensurePage(pageOf(name), () => {});
  return pathToFileURL(join(process.cwd(), fileOf({ name }))).href;
}

/** Opens an address, in a browser of its own that keeps nothing. @param before runs in the page before its own script */
export async function opened(
  t: TestContext,
  address: string,
  options: BrowserContextOptions = {},
  before: (page: Page) => Promise<unknown> = async () => {},
): Promise<Page> {
  const context = await (await launched()).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LAST_RESORT_MS);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  await before(page);
  await page.goto(address);
  return page;
}

/** From now on, every text that a place has had, in order: some are there for a moment only. */
export async function noteTexts(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate(`(() => {
    window.texts = [];
    const look = () => {
      const text = document.querySelector(${JSON.stringify(selector)})?.textContent;
      if (text && text !== texts.at(-1)) texts.push(text);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  })()`);
  return () => page.evaluate<string[]>("texts");
}

/** Waits until there is this text in a place. */
export async function says(place: Page | Locator, text: string | RegExp): Promise<void> {
  await place.getByText(text).first().waitFor();
}
