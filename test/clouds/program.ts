// Boards at a cloud: the built bundle of `hello`, whose log shows what the link does, and programs on the built module.
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { type Board, virtualBoard } from "../../testing/index.ts";
import type { Cloud } from "./cloud.ts";

const DOCS = readFileSync(new URL("../../docs/brokers.md", import.meta.url), "utf8");

/** The clouds, brokers and proxies that have rows. */
export const CLOUDS = [...DOCS.matchAll(/^### Limits of (.*)$/gm)].map(([, cloud]) => cloud!);

/** The rows of a cloud in docs/brokers.md: the limit or habit, and the whole line. */
export function rowsOf(cloud: string): Map<string, string> {
  const section = DOCS.split(`\n### Limits of ${cloud}\n`)[1]?.split("\n#")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| limit"));
  return new Map(lines.map((line) => [line.split(" | ")[0]!.slice(2), line]));
}

/** The test of one row of docs/brokers.md, which must have its source. */
export function row(cloud: string, limit: string, body: (t: TestContext) => Promise<void>): void {
  test(`${cloud}: ${limit}`, async (t) => {
    const line = rowsOf(cloud).get(limit);
    if (!line) throw new Error(`docs/brokers.md has no row "${limit}" under "${cloud}"`);
    if (!line.includes("](https://")) throw new Error(`the row "${limit}" has no source`);
    await body(t);
  });
}

/** Options of the module, as JavaScript, and what the program does when it is connected for the first time. */
export interface Program {
  url?: string;
  options?: string;
  connected?: string;
  /** Runs before the client is made. */
  before?: string;
  build?: string;
  seed?: number;
}

/** A board whose program prints every event: `connect`, `close`, `error [<code>] <words>`, and `told(name)` for a callback. */
export async function moduleBoard(
  t: TestContext,
  { url, options, connected, before, build, seed }: Program,
): Promise<Board> {
  const code = `
function told(name) { return function (e, g) { print(name + " " + (e ? "[" + e.code + "] " + e.message : "done" + (g && g.map ? " " + g.map(function (s) { return s.qos; }) : ""))); }; }
${before ?? ""}
require("Wifi").connect("home", {}, function () {
  var first = 1, c = require("mqtt-ws").connect(${JSON.stringify(url ?? "ws://cloud.example/mqtt")}, ${options ?? "{}"});
  c.on("error", function (e) { print("error [" + e.code + "] " + e.message); });
  c.on("message", function (topic, payload) { print("message " + topic + " " + payload); });
  c.on("close", function () { print("close"); });
  c.on("connect", function () { print("connect"); if (first) { first = 0; ${connected ?? ""} } });
});`;
  const board = await virtualBoard({ code, modules: { "mqtt-ws": build ?? "lean" }, ...(seed && { seed }) });
  t.after(() => board.off());
  return board;
}

/** A board that runs the bundle of `hello` or another application with a configuration. */
export async function bundleBoard(
  t: TestContext,
  config: { mqtt?: object; link?: object; app?: object; device?: object } = {},
  { bundle = "hello-lean", seed = 1 } = {},
): Promise<Board> {
  const { mqtt, ...more } = config;
  const url = "ws://cloud.example/mqtt";
  const whole = { wifi: { ssid: "home" }, mqtt: { url, ...mqtt }, link: { rebootAfterS: 0 }, ...more };
  const board = await virtualBoard({ program: `dist/${bundle}.js`, config: whole, seed });
  t.after(() => board.off());
  return board;
}

/** What the log says of the attempts that ended, and the seconds until the next. */
export function falls(board: Board): { why: string; again: number }[] {
  return board.lines.flatMap((line) => {
    const [, why, again] = /link DOWN: (.*), again in (\d+) s$/.exec(line) ?? [];
    return why === undefined ? [] : [{ why, again: Number(again) }];
  });
}

/** A response of HTTP without a body. */
export function response(status: string, ...headers: string[]): string {
  return `HTTP/1.1 ${[status, ...headers, "Content-Length: 0", "Connection: close"].join("\r\n")}\r\n\r\n`;
}

/** Seconds between attempts at a cloud, by the board's clock. */
export function gaps({ attempts }: Cloud): number[] {
  return attempts.slice(1).map((at, i) => Math.round((at - attempts[i]!) / 1000));
}
