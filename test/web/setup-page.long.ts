// The setup page as a phone has it: a browser fills it in, on the virtual board and on a real engine. For the browser every
// name leads to the board, as the board's answerer for DNS has it.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { chromium, type Page } from "playwright-core";
import { programOf } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { WIFI_STUB } from "../../testing/linux-engine.ts";
import { freePort, missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { Engine, noEngine } from "../engine/engine.ts";
import { QUICK } from "../virtual/boards.ts";

const skip = missing("chromium") || missing("mosquitto");

/** A browser on a phone whose network is the board's access point. */
async function phone(t: TestContext, port: number): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Started as root, it has no sandbox.
    args: ["--no-sandbox", "--no-proxy-server", `--host-resolver-rules=MAP * 127.0.0.1:${port}`],
  });
  t.after(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
  page.setDefaultTimeout(LAST_RESORT_MS);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  t.after(() => assert.deepEqual(faults, []));
  return page;
}

/** From the phone's probe to a page that says that a configuration was saved. */
async function fillIn(page: Page, url: string): Promise<void> {
  await page.goto("http://connectivitycheck.gstatic.com/generate_204");
  assert.equal(page.url(), "http://192.168.4.1/");
  await page.getByRole("heading", { name: /^Setup of esp32-/ }).waitFor();
  const wide = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
  assert.ok(wide <= 0, "it fits onto a phone");
  assert.equal(await page.locator("datalist option").first().getAttribute("value"), "home");
  await page.getByLabel("Wi-Fi network").fill("home");
  await page.getByLabel("Its password").fill("wifi-secret & more");
  await page.getByLabel("Broker").fill("http://broker");
  await page.getByLabel("Name of this device").fill("lämp");
  await page.getByRole("button", { name: "Try it" }).click();
  const broker = page.getByLabel("Broker");
  await page.getByText("expected ws://[user").waitFor();
  assert.equal(await broker.getAttribute("aria-invalid"), "true");
  assert.match(
    await page.locator(`#${await broker.getAttribute("aria-describedby")}`).innerText(),
    /expected ws:/,
  );
  assert.match(await page.locator("#e8").innerText(), /expected 1\.\.32 letters/);
  // What was right stays, and what is secret is not in the page.
  assert.equal(await page.getByLabel("Wi-Fi network").inputValue(), "home");
  assert.ok(!(await page.content()).includes("wifi-secret"));
  await page.getByLabel("Its password").fill("wifi-secret & more");
  await broker.fill(url);
  await page.getByLabel("Name of this device").fill("lamp");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByRole("heading", { name: "Saved" }).waitFor();
}

test("a browser sets up the virtual board, wrong values first", { skip }, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const board = new VirtualBoard({
    code: programOf("dist/device.js"),
    wifi: { ...QUICK, ssid: "home", password: "wifi-secret & more" },
  });
  t.after(() => board.off());
  board.boot();
  await board.until(() => board.ports.has("tcp 80"), "the board to listen");
  await fillIn(await phone(t, board.ports.get("tcp 80")!), `ws://127.0.0.1:${ws}/mqtt`);
  await board.untilLine(/2 boot the new configuration works/);
  assert.equal(JSON.parse(board.flash.get("config.json")!).wifi.password, "wifi-secret & more");
  assert.doesNotMatch(board.lines.join("\n"), /Uncaught|wifi-secret/);
});

/** A Wi-Fi for a Linux build, which finds networks and opens an access point, and ports that need no rights. */
function stubs(tcp: number, udp: number): string {
  return `
function analogRead(){return .5}function analogWrite(){}
var ESP32 = { reboot: function () { print("REBOOT"); }, getState: function () { return { freeHeap: 12345 }; } };
(function (net, dgram) {
  var make = net.createServer, socket = dgram.createSocket;
  net.createServer = function (f) { var s = make(f); return { listen: function () { s.listen(${tcp}); }, close: function () { s.close(); } }; };
  dgram.createSocket = function (type) {
    var s = socket(type), bind = s.bind;
    s.bind = function () { return bind.call(s, ${udp}); };
    return s;
  };
})(require("net"), require("dgram"));
`;
}

const WIFI = `${WIFI_STUB}
exports.removeAllListeners = function () {};
exports.scan = function (f) { setTimeout(f, 20, [{ ssid: "weak", rssi: -80, channel: 1 }, { ssid: "home", rssi: -50, channel: 6 }]); };
exports.startAP = function (name, options, f) { print("AP", name, JSON.stringify(options)); setTimeout(f, 20, null); };
`;

for (const name of ["device", "device-lean"])
  test(`${name} on a real engine: a browser sets it up, wrong values first`, {
    skip: skip || noEngine,
  }, async (t) => {
    const { ws } = await mosquittoPorts(t);
    const [tcp, udp] = [await freePort(), await freePort()];
    const engine = new Engine({ Wifi: WIFI, ...programOf(`dist/${name}.js`, stubs(tcp, udp)) });
    t.after(() => engine.off());
    engine.boot();
    await engine.line(/^AP esp32-\S* \{"authMode":"open"\}$/);
    await engine.line(/2 setup open: join /);
    const page = await phone(t, tcp);
    await fillIn(page, `ws://127.0.0.1:${ws}/mqtt`);
    await engine.line(/^REBOOT$/);
    await engine.restart();
    await engine.line(/2 mqtt CONNECTED /);
    await engine.line(/2 boot the new configuration works/);
    await engine.restart();
    await engine.line(/2 mqtt CONNECTED /);
    assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY|ERROR|wifi-secret/);
  });
