// The live page where something is the matter: what it looks like, and what it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import mqtt from "mqtt";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { until } from "../support/until.ts";
import { fileAddress, noBrowser, opened, says } from "./browser.ts";
import { wordsFor } from "./live.ts";

const skip = noBrowser;
const OFFLINE = '{"state":"offline","reason":"lost"}';
const STATUS = { state: "online", version: "0.1.0", engine: "2v29", rssi: -60, reconnects: 2, jsVars: 4000 };

/** An embedded broker, a page on it, and what publishes to it. */
async function stage(t: import("node:test").TestContext, options = {}, words = "") {
  const broker = await EmbeddedBroker.start({ tcpPort: 0, ...options });
  t.after(() => broker.stop());
  const port = Number(new URL(broker.url).port);
  const say = async (messages: Record<string, string>) => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.tcpPort}`);
    for (const [topic, payload] of Object.entries(messages))
      await client.publishAsync(topic, payload, { qos: 1, retain: /status|update|pin\/[^/]+$/.test(topic) });
    await client.endAsync();
  };
  const open = async () =>
    opened(t, (await fileAddress("dashboard")) + (words || wordsFor(port)), {}, (page) =>
      page.clock.install(),
    );
  return { broker, port, say, open };
}

test("live page: a broker that goes is missed and found again", { skip }, async (t) => {
  const { broker, open, say } = await stage(t);
  await say({ "devices/lamp/status": JSON.stringify(STATUS) });
  const page = await open();
  await says(page, "1 of 1 online");
  await broker.goAway();
  await says(page.getByRole("status"), /^The broker is gone\. What you see is what it said last/);
  await page.getByRole("button", { name: /^lamp/ }).click();
  await page.getByRole("button", { name: "Report now" }).click();
  await says(page.getByRole("region", { name: "Commands" }), /not sent: there is no connection/);
  await broker.comeBack();
  await page.clock.fastForward(5_000);
  await says(page, "connected");
});

test("live page: a broker that was never there is named so", { skip }, async (t) => {
  const page = await opened(t, (await fileAddress("dashboard")) + wordsFor(1));
  await says(page.getByRole("status"), /^The broker does not answer at this address/);
});

test("live page: a wrong password is said once, and the right one is taken", { skip }, async (t) => {
  const { open, broker } = await stage(t, { user: "anna", password: "right" });
  const page = await open();
  await says(page, /^The broker refuses user or password/);
  const form = page.getByRole("form", { name: "Your broker" });
  await form.getByLabel("User").fill("anna");
  await form.getByLabel("Password", { exact: true }).fill("right");
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await says(page, "connected");
  assert.equal(broker.happenings.filter(({ what }) => what === "connected").length, 1);
});

test("live page: the password is kept in the browser only if asked", { skip }, async (t) => {
  const { open } = await stage(t, { user: "anna", password: "right" });
  const page = await open();
  const kept = () =>
    page.evaluate(() => JSON.stringify((globalThis as never as { localStorage: object }).localStorage));
  const form = page.getByRole("form", { name: "Your broker" });
  await says(page, /^The broker refuses/);
  await form.getByLabel("User").fill("anna");
  await form.getByLabel("Password", { exact: true }).fill("right");
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await says(page, "connected");
  assert.doesNotMatch(await kept(), /right/);
  await page.getByRole("button", { name: "Broker…" }).click();
  await form.getByLabel("Keep the password in this browser").check();
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await says(page, "connected");
  assert.match(await kept(), /right/);
  await page.reload();
  await says(page, "connected");
});

test("live page: an address that cannot be one is refused in words", { skip }, async (t) => {
  const page = await opened(t, await fileAddress("dashboard"));
  const form = page.getByRole("form", { name: "Your broker" });
  for (const [url, base, sentence] of [
    ["http://host", "devices", /^Expected ws:\/\//],
    ["ws://a:b@host", "devices", /^Put user and password/],
    ["ws://host", "devices/#", /^Expected a topic/],
  ] as const) {
    await form.getByLabel("Broker URL").fill(url);
    await form.getByLabel("Base topic").fill(base);
    await form.getByRole("button", { name: "Connect", exact: true }).click();
    await says(page.getByRole("alert"), sentence);
  }
});

test("live page: a board that never answers: after 10 s the page says what may be the matter", {
  skip,
}, async (t) => {
  const { open, say } = await stage(t);
  await say({ "devices/mute/status": JSON.stringify(STATUS), "devices/mute/pin/led": "off" });
  const page = await open();
  await page.getByRole("button", { name: /^mute/ }).click();
  await page.getByRole("button", { name: "Report now" }).click();
  const answers = page.getByRole("list", { name: "What was asked, and the answers" });
  await says(answers, "waiting for the answer…");
  await page.clock.fastForward(11_000);
  await says(answers, /^no answer\. It may be off or busy, or it obeys signed commands only/);
  // It comes all the same.
  await say({ "devices/mute/reply/memory": '{"jsVars":1}' });
  await says(answers, '{"jsVars":1}');
  await answers.locator("li.answered").waitFor();
});

test("live page: a trial without a verdict ends with a sentence", { skip }, async (t) => {
  const { open, say, broker } = await stage(t);
  await say({ "devices/lamp/status": JSON.stringify(STATUS) });
  const page = await open();
  await page.getByRole("button", { name: /^lamp/ }).click();
  const card = page.getByRole("region", { name: "Configuration" });
  await card.getByRole("button", { name: "Read" }).click();
  await until(
    () => broker.happenings.some((it) => it.what === "published" && it.topic.endsWith("config-get")),
    "config-get",
  );
  await say({ "devices/lamp/reply/config-get": '{"log":2,"wifi":{"password":"***"}}' });
  await card.getByLabel("log", { exact: true }).fill("3");
  await card.getByRole("button", { name: "Try it" }).click();
  await until(
    () => broker.happenings.some((it) => it.what === "published" && it.topic.endsWith("config-set")),
    "config-set",
  );
  await say({ "devices/lamp/reply/config-set": '{"ok":true,"trying":true}', "devices/lamp/status": OFFLINE });
  await says(card, /^The board restarts/);
  await page.clock.fastForward(241_000);
  await says(card, /^The board has not told what became of it/);
});

test("live page: 200 devices are counted, found, and told apart when they are offline", {
  skip,
}, async (t) => {
  const { broker, open, say } = await stage(t);
  const id = (n: number) => `device-${String(n).padStart(3, "0")}`;
  const all = Array.from({ length: 200 }, (_, n) => [
    `devices/${id(n)}/status`,
    n % 10 ? JSON.stringify({ ...STATUS, rssi: -n }) : OFFLINE,
  ]);
  await say(Object.fromEntries(all));
  await say({ "devices/update/0123456789abcdef/0": "a block" });
  const page = await open();
  await says(page, "180 of 200 online");
  const rows = page.getByRole("navigation").getByRole("button");
  assert.equal(await rows.count(), 200);
  await page.getByLabel("Find a device").fill("-110");
  await rows.nth(1).waitFor({ state: "detached" });
  await says(rows, /its connection was lost/);
  await page.getByLabel("Find a device").fill("nobody");
  await says(page, "No device has this in its name.");
  const filters = broker.happenings.flatMap((it) => (it.what === "subscribed" ? it.filters : []));
  assert.ok(filters.length > 0 && !filters.some((filter) => filter.includes("#")), filters.join());
  assert.ok(!filters.some((filter) => mqttMatches(filter, "devices/update/0123456789abcdef/0")));
});

function mqttMatches(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const words = filter.split("/");
  return words.length === levels.length && words.every((word, i) => word === "+" || word === levels[i]);
}

test("live page: a device comes back online and the page says since when", { skip }, async (t) => {
  const { open, say } = await stage(t);
  await say({ "devices/lamp/status": OFFLINE });
  const page = await open();
  await says(page.getByRole("navigation"), /since before this page was opened/);
  await say({ "devices/lamp/status": JSON.stringify({ ...STATUS, lost: "PINGRESP did not come" }) });
  await says(page.getByRole("navigation"), "since just now");
  await page.clock.fastForward(125_000);
  await says(page.getByRole("navigation"), "since 2 min ago");
  await page.getByRole("button", { name: /^lamp/ }).click();
  await says(page.getByRole("region", { name: "Facts" }), "PINGRESP did not come");
});

test("live page: everything that a device says is text, never markup", { skip }, async (t) => {
  const { open, say, broker } = await stage(t);
  const evil = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>‮';
  const [id, name] = ["<b onclick=1>evil<b>", "__proto__"];
  await say({
    [`devices/${id}/status`]: JSON.stringify({ ...STATUS, version: evil, lost: evil, chip: { toString: 1 } }),
    [`devices/${id}/pin/<i>pin`]: evil,
    [`devices/${id}/pin/${name}`]: "on",
    [`devices/${id}/update`]: JSON.stringify({ state: "constructor", why: evil, latest_version: evil }),
    "devices/update/stable": JSON.stringify({ app: evil, version: evil }),
    "devices/__proto__/status": evil,
  });
  const page = await open();
  await page.getByRole("button", { name: /^<b onclick/ }).click();
  await page.getByRole("button", { name: "Read its configuration" }).click();
  await until(
    () => broker.happenings.some((it) => it.what === "published" && it.topic.endsWith("config-get")),
    "config-get",
  );
  const config = `{"__proto__":{"a":1},"device":{"pins":{"__proto__":{"use":"output"},"${name}x":{"use":${JSON.stringify(evil)}}}},"k":${JSON.stringify(evil)}}`;
  await say({
    [`devices/${id}/log`]: `1 app ${evil}`,
    [`devices/${id}/pin/x/press`]: evil,
    [`devices/${id}/reply/<u>`]: evil,
    [`devices/${id}/telemetry`]: JSON.stringify({ rssi: "NaN", jsVars: { valueOf: 1 }, uptimeS: 1e308 }),
    [`devices/${id}/reply/config-get`]: config,
  });
  await page.getByRole("region", { name: "Configuration" }).getByLabel("k", { exact: true }).waitFor();
  await says(page.getByRole("log", { name: "Log" }), /app <img src=x/);
  assert.equal(await page.locator("img, #page script, #page b, #page i, #page u").count(), 0);
  assert.equal(await page.evaluate(() => (globalThis as never as { broken?: number }).broken), undefined);
  // What turns the direction of a line is not let through.
  assert.doesNotMatch((await page.locator("body").textContent())!, /‮/);
});

test("live page: an update is offered, loaded, tried, refused, rolled back, and taken back", {
  skip,
}, async (t) => {
  const { open, say, broker } = await stage(t);
  const told = (state: string, more = {}) =>
    say({
      "devices/lamp/update": JSON.stringify({
        state,
        installed_version: "0.1.0",
        latest_version: "0.2.0",
        ...more,
      }),
    });
  await say({ "devices/lamp/status": JSON.stringify(STATUS) });
  await told("available");
  await say({
    "devices/update/stable": JSON.stringify({ app: "device", version: "0.2.0", counter: 7, share: 100 }),
  });
  const page = await open();
  await page.getByRole("button", { name: /^lamp/ }).click();
  const card = page.getByRole("region", { name: "Updates" });
  await says(card, "A program is offered");
  await says(card, "stable: device 0.2.0, number 7, for 100 %");
  await card.getByRole("button", { name: "Install" }).click();
  await until(
    () =>
      broker.happenings.some(
        (it) => it.what === "published" && it.topic === "devices/lamp/cmd/update" && it.payload === "install",
      ),
    "install",
  );
  await told("loading", { update_percentage: 25 });
  await page.getByRole("progressbar", { name: "Progress of the update" }).waitFor();
  await told("trying");
  await says(card, /^The board restarts with it/);
  await told("rolled back", { why: "it threw" });
  await says(card, "Rolled back: the old program runs");
  await says(card, "it threw");
  await told("refused", { refused_version: "0.2.0", why: "no room" });
  await says(card, "no room");
  await say({ "devices/update/stable": "" });
  await says(card, "stable: taken back");
});
