// The installer in a real browser, at a pretended chip: its boot loader, and Espruino's console.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import type { Locator, Page } from "playwright-core";
import { codeIn, programOf } from "../../board/virtual/program.ts";
import { PretendBoard, type Traits } from "../flash/pretend-board.ts";
import { fileAddress, noBrowser, opened, says } from "./browser.ts";
import { Chip } from "./serial.ts";

const skip = noBrowser;
const CONNECTED = ["1 2 boot device", "2 2 mqtt CONNECTED to ws://broker:9001/mqtt"];

async function stage(t: TestContext, traits: Traits = {}, address?: string) {
  const chip = new Chip();
  const board = new PretendBoard(chip, { log: CONNECTED, ...traits });
  chip.onReset = () => board.boot();
  t.after(() => board.off());
  const page = await opened(t, address ?? (await fileAddress("install")), { acceptDownloads: true }, (it) =>
    chip.plugInto(it),
  );
  return { chip, board, page, log: page.getByRole("log") };
}

async function fill(page: Page, values: Record<string, string> = {}): Promise<void> {
  const all = {
    "Wi-Fi network": "lab",
    "Its password": "wifi-secret",
    Broker: "broker",
    "Name of the device": "lamp",
    ...values,
  };
  for (const [label, text] of Object.entries(all)) await page.getByLabel(label, { exact: true }).fill(text);
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("installer: uploads the program and the configuration, and says that the link is up", {
  skip,
}, async (t) => {
  const { board, page, log } = await stage(t);
  await fill(page);
  await press(page, "Add a pin");
  await page.getByLabel("Name of pin 1").fill("led");
  await page.getByLabel("Pin of pin 1").fill("D2");
  await press(page, "Install");
  await says(log, "the link is up");
  await says(
    log,
    /no setup without a cable when the Wi-Fi is lost: that takes "setup": \{"password": "[a-z2-9]{12}"\}/,
  );
  assert.equal(board.running !== undefined, true);
  assert.deepEqual(JSON.parse(board.flash.get("config.json")!), {
    wifi: { ssid: "lab", password: "wifi-secret" },
    mqtt: { url: "ws://broker:9001/mqtt" },
    device: { id: "lamp", pins: { led: { pin: "D2", use: "output" } } },
  });
  const program = codeIn(programOf("dist/device-lean.js"));
  assert.ok([...board.flash.values()].includes(program));
  await says(log, /^.*found ESP32, Espruino 2v27, 5886 JsVars, 917504 bytes of Storage/);
  const link = await page.getByRole("link", { name: "See it live" }).getAttribute("href");
  assert.equal(link, "dashboard.html#broker=ws%3A%2F%2Fbroker%3A9001%2Fmqtt&base=devices");
  await page.getByLabel("Type to the console").fill("1+1");
  await press(page, "Send");
  await press(page, "Stop");
  assert.deepEqual(board.typed, ["1+1"]);
});

test("installer: mistakes stand beside their fields, in the firmware's words", { skip }, async (t) => {
  const { board, page, log } = await stage(t);
  await fill(page, { "Wi-Fi network": "", Broker: "http://broker", "Name of the device": "a b" });
  await press(page, "Check it");
  await says(page.locator("#form-ssid-wrong"), /^wifi\.ssid: expected/);
  await says(page.locator("#form-url-wrong"), /^mqtt\.url: expected/);
  await says(page.locator("#form-id-wrong"), /^device\.id: expected/);
  await press(page, "Install");
  await says(log, /config\.json has a mistake in wifi\.ssid/);
  assert.deepEqual([...board.flash.keys()], []);
  await fill(page);
  await press(page, "Check it");
  await says(page, "The firmware takes this configuration.");
});

const FAILURES: [name: string, traits: Traits, sentence: RegExp][] = [
  [
    "old Espruino",
    { version: "2v24" },
    /this is Espruino 2v24: write 2v25 or later, best 2v27, with --firmware DIR\./,
  ],
  ["no ESP32", { board: "PICO_R1_3" }, /this is a PICO_R1_3 with Espruino, no ESP32/],
  ["full Storage", { storage: 60_000 }, /bytes of Storage, this board has 60000 in all/],
  [
    "too little memory",
    { jsvars: 2000, bluetooth: true },
    /fewer than the 2500 needed because Bluetooth is on: turn it off with --no-ble\./,
  ],
  ["a console with a password", { password: "x" }, /the console on the port wants a password/],
  ["other firmware", { babbles: true }, /the port talks, but does not answer as Espruino does/],
  [
    "flash that is worn out",
    { onWrite: (name, data) => (name.startsWith("fw.") ? data.replace(/.$/s, "?") : data) },
    /reads back differently from what was written/,
  ],
  ["a missing module", { modules: "Storage,crypto,Wifi" }, /this Espruino has no module net/],
  ["no answer", { silent: true }, /no answer on .* in \d+ s: press its reset button/],
];

for (const [name, traits, sentence] of FAILURES)
  test(`installer: ${name}: the sentence of flash.sh`, { skip }, async (t) => {
    const { page, log } = await stage(t, traits);
    await fill(page);
    await press(page, "Install");
    await says(log, sentence);
    await page.getByRole("button", { name: "Install", exact: true, disabled: false }).waitFor();
  });

test("installer: a port in use, and a board that is unplugged in the middle", { skip }, async (t) => {
  let cut = () => {};
  const { chip, page, log, board } = await stage(t, {
    onWrite: (_, data) => {
      cut();
      return data;
    },
  });
  await fill(page);
  chip.refusal = "NetworkError";
  await press(page, "Install");
  await says(log, /the port is in use: close the program that has it open/);
  chip.refusal = "";
  cut = () => void chip.unplug();
  await press(page, "Install");
  await says(log, /the port has gone away: plug it in and run again\./);
  assert.equal(board.flash.has("fw.a"), false, "the old program stays");
});

test("installer: reads a board's configuration, and writes it changed", { skip }, async (t) => {
  const config = {
    wifi: { ssid: "old", password: "p" },
    mqtt: { url: "ws://h/", keepAlive: 20 },
    device: { id: "x", pins: { led: { pin: "D2", use: "pwm", hz: 50 } } },
  };
  const { page, board, log } = await stage(t, { files: { "config.json": JSON.stringify(config) } });
  await press(page, "Read it from the board");
  await says(log, /The configuration of the board is in the form\./);
  assert.equal(await page.getByLabel("Wi-Fi network").inputValue(), "old");
  await page.getByLabel("Wi-Fi network").fill("new");
  await press(page, "Install");
  await says(log, "the link is up");
  const written = [...board.flash]
    .filter(([name]) => name.startsWith("config."))
    .map(([, text]) => JSON.parse(text));
  assert.deepEqual(written.at(-1), { ...config, wifi: { ssid: "new", password: "p" } });
});

test("installer: only watches, and a board that is unplugged is missed", { skip }, async (t) => {
  const { page, chip, board, log } = await stage(t, { files: { ".bootcde": "x" } });
  await press(page, "Only watch");
  await says(log, /watching the port at 115200 baud/);
  board.print('3 1 app <b class="x">evil</b>');
  await says(log, /<b class="x">evil<\/b>/);
  await chip.unplug();
  await says(log, /unplugged; waiting for it to come back/);
  await press(page, "Stop");
});

test("installer: makes a Storage image with the files of the program", { skip }, async (t) => {
  const { page, log } = await stage(t);
  await fill(page);
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Make a Storage image")]);
  const image = readFileSync(await download.path());
  assert.equal(image.length, 896 * 1024);
  assert.ok(image.includes("wifi-secret") && image.includes(".bootcde"));
  await says(log, /esptool write-flash 0x320000 storage\.bin/);
});

const BIN = (byte: number, length: number) => new Uint8Array(length).fill(byte);

function download(chip: string): Record<string, Uint8Array> {
  // An image of Espressif's begins with 0xe9.
  const image = BIN(0x11, 5000);
  image[0] = 0xe9;
  return {
    "bootloader.bin": image,
    "partitions_espruino.bin": BIN(0x22, 3072),
    [`espruino_2v29_${chip}.bin`]: BIN(0x33, 70_000),
  };
}

test("installer: writes Espruino from a zip by the chip's boot loader, then goes on", { skip }, async (t) => {
  const { chip, page, log } = await stage(t);
  await fill(page);
  await page.getByLabel(/^Write Espruino first/).check();
  const buffer = Buffer.from(
    zipSync(
      Object.fromEntries(Object.entries(download("esp32")).map(([name, data]) => [`folder/${name}`, data])),
    ),
  );
  await page
    .getByLabel(/^The download of Espruino/)
    .setInputFiles({ name: "espruino.zip", mimeType: "application/zip", buffer });
  await says(page, /^For esp32: bootloader\.bin, partitions_espruino\.bin, espruino_2v29_esp32\.bin/);
  await press(page, "Install");
  await says(log, "the link is up");
  assert.deepEqual([...new Set(chip.loader.flash.subarray(0x10000, 0x10000 + 70_000))], [0x33]);
  assert.deepEqual([...new Set(chip.loader.flash.subarray(0x8000, 0x8000 + 3072))], [0x22]);
  assert.equal(chip.loader.flash[0x1000], 0xe9);
});

/** Most entries that Chromium tells of a dropped folder at a time. */
const AT_A_TIME = 100;

/** Drops files onto a place, or a folder of them: entries as a browser makes them, since a page cannot drag from a file manager. */
async function drop(place: Locator, files: Record<string, Uint8Array>, folder: boolean): Promise<void> {
  const named = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]);
  // tsx gives functions their names by a function that the page does not have.
  await place.page().evaluate("globalThis.__name = (made) => made");
  await place.evaluate(
    (element, [named, folder, most]) => {
      const all = named.map(([name, base64]) => ({
        isFile: true,
        file: (done: (file: File) => void) =>
          done(new File([Uint8Array.from(atob(base64!), (char) => char.charCodeAt(0))], name!)),
      }));
      const rest = [...all];
      const createReader = () => ({
        readEntries: (done: (some: unknown[]) => void) => done(rest.splice(0, most)),
      });
      const entries = folder ? [{ isFile: false, createReader }] : all;
      const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
      const event = Object.assign(new Event("drop", { bubbles: true, cancelable: true }), {
        dataTransfer: { items },
      });
      element.dispatchEvent(event);
    },
    [named, folder, AT_A_TIME] as const,
  );
}

test("installer: Espruino is dropped in as its zip, and as its folder of more files than the browser tells at a time", {
  skip,
}, async (t) => {
  const { page, chip, log } = await stage(t);
  const card = page.getByRole("region", { name: /Espruino/ }).first();
  await drop(card, { "espruino.zip": zipSync(download("esp32c3")) }, false);
  await says(page, /^For esp32c3: /);
  const others = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`a${i}.txt`, BIN(0, 1)]));
  await drop(card, others, true);
  await says(page.getByRole("alert"), /^there is no espruino_esp32\*\.bin in the download/);
  await drop(card, { ...others, ...download("esp32") }, true);
  await says(page, /^For esp32: /);
  await fill(page);
  await press(page, "Install");
  await says(log, "the link is up");
  assert.equal(chip.loader.flash[0x10000], 0x33);
});

test("installer: files for another chip are refused before anything is written", { skip }, async (t) => {
  const { chip, page, log } = await stage(t);
  await fill(page);
  await page.getByLabel(/^Write Espruino first/).check();
  const files = Object.entries(download("esp32c3")).map(([name, data]) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(data),
  }));
  await page.getByLabel(/^The download of Espruino/).setInputFiles(files);
  await press(page, "Install");
  await says(
    log,
    /the chip is an esp32, and the files are for an esp32c3: choose the download of Espruino for this chip\./,
  );
  assert.ok(chip.loader.flash.every((byte) => byte === 0xff));
});

test("installer: a download without its parts, or damaged, is named", { skip }, async (t) => {
  const { page } = await stage(t);
  await page.getByLabel(/^Write Espruino first/).check();
  const field = page.getByLabel(/^The download of Espruino/);
  await field.setInputFiles({
    name: "a.bin",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(10),
  });
  await says(page.getByRole("alert"), /^there is no espruino_esp32\*\.bin in the download/);
  await field.setInputFiles({ name: "a.tgz", mimeType: "application/gzip", buffer: Buffer.alloc(10) });
  await says(page.getByRole("alert"), /^a\.tgz is damaged: download it again\./);
  await field.setInputFiles({
    name: "a.tgz",
    mimeType: "application/gzip",
    buffer: gzipSync(tarOf(download("esp32"))),
  });
  await says(page, /^For esp32: bootloader\.bin/);
});

/** A tar archive (ustar) of some files. */
function tarOf(files: Record<string, Uint8Array>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, data]) => {
    const head = Buffer.alloc(512);
    head.write(`espruino/${name}`, 0);
    head.write(data.length.toString(8).padStart(11, "0"), 124);
    head.write("0", 156);
    return [head, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

test("installer: without Web Serial it says which browsers have it, and names the command", {
  skip,
}, async (t) => {
  const page = await opened(t, await fileAddress("install"), {}, (it) =>
    it.addInitScript("delete Navigator.prototype.serial"),
  );
  await says(page.getByRole("status"), /^This browser has no Web Serial/);
  await says(page, "./flash.sh /dev/ttyUSB0");
  assert.equal(await page.getByRole("button", { name: "Install", exact: true }).isDisabled(), true);
});

test("installer: Espruino that is beside the page needs no file of the user's", { skip }, async (t) => {
  const files: Record<string, Uint8Array | string> = download("esp32");
  const parts = ["bootloader.bin", "partitions_espruino.bin", "espruino_2v29_esp32.bin"].map((path, i) => ({
    path,
    offset: [0x1000, 0x8000, 0x10000][i],
  }));
  files["manifest.json"] = JSON.stringify({
    name: "Espruino",
    version: "2v29",
    builds: [{ chipFamily: "ESP32", parts }],
  });
  files["install.html"] = readFileSync(fileURLToPath(await fileAddress("install")));
  const server = createServer(({ url }, response) => {
    const file = files[url!.slice(1)];
    response
      .writeHead(file === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" })
      .end(file);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { chip, page, log } = await stage(t, {}, `http://127.0.0.1:${port}/install.html`);
  await fill(page);
  await page.getByLabel(/^Write Espruino first/).check();
  await says(page, /^Espruino 2v29 is beside this page/);
  await press(page, "Install");
  await says(log, "the link is up");
  assert.equal(chip.loader.flash[0x10000], 0x33);
});

test("installer: on a phone nothing is wider than the screen, and every control has a name", {
  skip,
}, async (t) => {
  const { page } = await stage(t);
  await page.setViewportSize({ width: 360, height: 740 });
  await press(page, "Add a pin");
  await page.getByLabel("Pin of pin 1").waitFor();
  await page.getByLabel(/^Write Espruino first/).check();
  assert.equal(
    await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
    true,
  );
  const nameless = await page.evaluate<string[]>(
    `[...document.querySelectorAll("button, input, select, textarea")]
      .filter((it) => !(it.ariaLabel || it.labels?.length || it.textContent.trim())).map((it) => it.outerHTML)`,
  );
  assert.deepEqual(nameless, []);
});
