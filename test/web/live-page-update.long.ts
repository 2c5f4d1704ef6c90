// An update for real: published by the tool, loaded and tried by a virtual board, and watched in the live page.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writeKeyFile } from "../../tools/update/key-file.ts";
import { newKeyPair } from "../../tools/update/signature.ts";
import { missing } from "../brokers/mosquitto.ts";
import { nextProgram } from "../device/publisher.ts";
import { scratch, update } from "../update/rig.ts";
import { noBrowser, noteTexts, says } from "./browser.ts";
import { live } from "./live.ts";

const skip = noBrowser || missing("mosquitto");
const CARD = '[aria-label="Updates"]';

/** A key file, programs that are published with it, and the owner's commands. */
function owner(t: TestContext) {
  const folder = scratch();
  t.after(() => rmSync(folder, { recursive: true }));
  const pair = newKeyPair();
  const keyFile = join(folder, "update.key");
  writeKeyFile(keyFile, pair);
  const run = async (port: number, args: string[]) => {
    const { code, out, err } = await update(t, [...args, "--url", `ws://127.0.0.1:${port}/mqtt`]).ended;
    if (code !== 0) throw new Error(`update ${args[0]} ended with ${code}:\n${out}${err}`);
  };
  return {
    key: Buffer.from(pair.publicKey).toString("hex"),
    publish(port: number, program: string) {
      const bundle = join(folder, "program.js");
      writeFileSync(bundle, program, "latin1");
      return run(port, ["publish", "--bundle", bundle, "--key", keyFile]);
    },
    takeBack: (port: number) => run(port, ["take-back"]),
  };
}

test("live page: a published update is offered, loaded with its progress, tried, and proves itself", {
  skip,
}, async (t) => {
  const { key, publish } = owner(t);
  const { page, during, port, line } = await live(t, { device: { update: { key } } });
  const card = page.getByRole("region", { name: "Updates" });
  await during(says(card, "Up to date"));
  await during(publish(port, nextProgram("dist/device.js")));
  await during(says(card, "A program is offered"));
  await says(card, /^stable: device 0\.2\.0, number 1, for 100 %/);
  const texts = await noteTexts(page, CARD);
  await during(card.getByRole("button", { name: "Install" }).click());
  await line(/2 boot program [0-9a-f]{8} works/);
  await during(says(card, /^(Done: it works and stays|Up to date)$/));
  const said = (await texts()).join("\n");
  for (const words of ["Its signature is checked", "It is loaded", "The board restarts with it"])
    if (!said.includes(words)) throw new Error(`the page never said "${words}":\n${said}`);
  // The bar may be there for less time than a wait for it takes.
  if (!/It is loaded ?\d+ %/.test(said)) throw new Error(`the page never showed its progress:\n${said}`);
});

test("live page: a published program that throws is rolled back with its reason, then taken back", {
  skip,
}, async (t) => {
  const { key, publish, takeBack } = owner(t);
  const { page, during, port } = await live(t, { device: { update: { key } } });
  const card = page.getByRole("region", { name: "Updates" });
  await during(publish(port, 'throw new Error("no such pin");'));
  await during(says(card, "A program is offered"));
  await during(card.getByRole("button", { name: "Install" }).click());
  await during(says(card, "Rolled back: the old program runs"));
  await during(says(card, /is given up: Error: no such pin/));
  await during(takeBack(port));
  await during(says(card, "stable: taken back"));
});
