// Hostile config.json: with any text the firmware either starts or logs why not, and no line quotes a secret.
import assert from "node:assert/strict";
import { boot, full, hello, signed } from "#subject";
import { FakeBoard } from "../support/fake-board.ts";
import { hmac } from "../support/hmac.ts";
import type { Random } from "../support/random.ts";
import type { Target } from "./fuzzer.ts";

const SECRET = "s3cretS3CRETs3cretS3CRETs3cretS3";
const VALUES: unknown[] = [
  ..."0 1 -1 1.5 65535 65536 1e99 -0 true false null".split(" ").map((text) => JSON.parse(text)),
  ...[
    "",
    "x",
    "a/+",
    "#",
    "\u0000",
    "\u00e9",
    "x".repeat(70000),
    [],
    {},
    [[]],
    { "?": true },
    `ws://u:${SECRET}@h/?k=${SECRET}`,
  ],
];

/** A configuration with a few values of the wrong kind. */
function configuration(random: Random): string {
  const config: Record<string, unknown> = {
    wifi: { ssid: "net", password: SECRET, hostname: "h" },
    mqtt: {
      url: `ws://joe:${SECRET}@broker:81/mqtt?token=${SECRET}`,
      clientId: "c",
      keepAlive: 30,
      cleanSession: true,
      maxPacket: 4096,
      will: { topic: "w", payload: "gone", qos: 1, retain: true },
      outbox: { messages: 5, bytes: 500 },
    },
    app: { topic: "t", message: "m", qos: 1 },
    sign: { key: SECRET, id: "i" },
    log: 4,
  };
  for (let n = random.below(4); n > 0; n--) {
    const parts = [config, config.wifi, config.mqtt, config.app, config.sign] as Record<string, unknown>[];
    const part = parts[random.below(parts.length)];
    if (typeof part !== "object" || part === null) continue;
    const names = [...Object.keys(part), "toString", "__proto__", "on", "constructor", "x"];
    const name = names[random.below(names.length)]!;
    if (random.below(4)) part[name] = structuredClone(VALUES[random.below(VALUES.length)]);
    else delete part[name];
  }
  return JSON.stringify(config);
}

/** Values that the log may show; a mutation may have put a secret there. */
function publicPart(text: string): string {
  let config: { [part: string]: { [key: string]: unknown } | undefined };
  try {
    config = JSON.parse(text) ?? {};
  } catch {
    return "";
  }
  const { wifi, mqtt, app, sign } = config;
  const url = String(mqtt?.url)
    .replace(/^(\w+:\/\/)[^/]*@/, "$1")
    .split("?")[0];
  return [wifi?.ssid, wifi?.hostname, mqtt?.clientId, url, app?.topic, app?.message, sign?.id].join("\n");
}

export const config: Target = {
  name: "config",
  cases: 1500,
  make: configuration,
  check(bytes, random) {
    const board = new FakeBoard();
    board.files["config.json"] = bytes;
    const link = boot(board, random.below(2) ? hello : signed(hmac), full);
    assert.equal(!!link, board.joins.length > 0, "it starts, or it does not");
    if (!link) assert.match(board.text, / 1 config .*(expected|JSON)/, "a line says why");
    // A secret in the place of a key's name is logged like any other unknown key, because its owner must see that.
    const text = board.lines.filter((line) => !line.includes(" warning: unknown key ")).join("\n");
    const shown = publicPart(bytes);
    for (let at = 0; at + 8 <= SECRET.length; at++) {
      const piece = SECRET.slice(at, at + 8);
      assert.ok(!text.includes(piece) || shown.includes(piece), "a secret on the console");
    }
    for (const line of board.lines) assert.ok(line.length < 300, "a line of any length");
  },
};
