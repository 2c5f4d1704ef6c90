// Proxies in front of a broker: their idle time-outs, what they answer in its place, how they end connections.
import assert from "node:assert/strict";
import { Cloud } from "./cloud.ts";
import { bundleBoard, falls, gaps, response, row } from "./program.ts";

const device = { bundle: "device-lean" };

for (const [proxy, limit, idleS] of [
  ["Cloudflare", "100 s without a byte from the broker end the connection", 100],
  ["nginx", "60 s without a byte from the broker end the connection", 60],
] as const)
  row(proxy, limit, async (t) => {
    const cloud = await Cloud.start(t, { idleS });
    // Telemetry once an hour: only the keep alive is there, and what the board sends at QoS 0 has no answer.
    const board = await bundleBoard(t, { device: { telemetryS: 3600 } }, device);
    await board.until("connected");
    await board.advance({ minutes: 20 });
    assert.deepEqual([cloud.connections, falls(board)], [1, []]);
    assert.ok(cloud.of("pingreq").length > 20);
  });

/** Statuses in place of a connection, twice; then the broker is there. Least and most seconds until the next attempt. */
const STATUSES: [proxy: string, limit: string, head: string[], why: RegExp, waits: [number, number]][] = [
  ["nginx", "502 while the broker restarts", ["502 Bad Gateway"], /its broker is not there$/, [16, 47]],
  [
    "nginx",
    "503 of `limit_conn` and `limit_req`",
    ["503 Service Unavailable"],
    /the server is busy/,
    [16, 47],
  ],
  [
    "nginx",
    "504 when the broker does not answer",
    ["504 Gateway Timeout"],
    /its broker is not there$/,
    [16, 47],
  ],
  [
    "any proxy",
    "503 with `Retry-After` in seconds",
    ["503 Service Unavailable", "Retry-After: 120"],
    /^HTTP\/1.1 503 Service Unavailable: the server is busy, or its broker is not there, it asks to wait 120 s$/,
    [121, 152],
  ],
  [
    "any proxy",
    "429 with `Retry-After` in seconds",
    ["429 Too Many Requests", "retry-after: 30"],
    /, it asks to wait 30 s$/,
    [31, 62],
  ],
  [
    "any proxy",
    "`Retry-After` of a day",
    ["503 Service Unavailable", "Retry-After: 86400"],
    /, it asks to wait 86400 s, 600 are obeyed$/,
    [601, 632],
  ],
  [
    "any proxy",
    "`Retry-After` shorter than the board's own wait",
    ["429 Too Many Requests", "Retry-After: 1"],
    /, it asks to wait 1 s$/,
    [16, 47],
  ],
  [
    "any proxy",
    "`Retry-After` as a date",
    ["503 Service Unavailable", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"],
    /, its Retry-After has no seconds: not obeyed$/,
    [16, 47],
  ],
  [
    "any proxy",
    "a redirect to `https://`",
    ["301 Moved Permanently", "Location: https://cloud.example/mqtt?key=s3cret"],
    /^HTTP\/1.1 301 Moved Permanently: the broker moved to https:\/\/cloud.example\/mqtt, update mqtt.url$/,
    [301, 332],
  ],
  [
    "Cloudflare",
    "521 while the broker is down",
    ["521 Web Server Is Down"],
    /its broker is not there$/,
    [16, 47],
  ],
  [
    "Cloudflare",
    "522, 523 and 524 while the broker cannot be reached",
    ["524 A Timeout Occurred"],
    /its broker/,
    [16, 47],
  ],
  [
    "Cloudflare",
    "429 of a rate limit, with `Retry-After`",
    ["429 Too Many Requests", "Retry-After: 60", "CF-RAY: 8f"],
    /, it asks to wait 60 s$/,
    [61, 92],
  ],
];

for (const [proxy, limit, [status, ...headers], why, [least, most]] of STATUSES)
  row(proxy, limit, async (t) => {
    const cloud = await Cloud.start(t, {
      upgrade: (_, attempt) => (attempt < 3 ? response(status!, ...headers) : undefined),
    });
    const board = await bundleBoard(t);
    await board.until("connected", { minutes: 40 });
    const [first, second] = falls(board);
    assert.match(first!.why, why);
    for (const s of gaps(cloud)) assert.ok(s >= least && s <= most, `${s} s`);
    // What needs another configuration is said in full once.
    assert.equal(second!.why, least > 300 && least < 600 ? "refused as before" : first!.why);
  });

/** Ends of a connection that is up. Least and most seconds until the next attempt. */
const ENDS: [limit: string, code: number | undefined, why: RegExp, waits: [number, number]][] = [
  ["1001, the server goes away", 1001, /^server closed the WebSocket: 1001 bye$/, [1, 32]],
  ["no CLOSE at all, which is 1006", undefined, /^connection closed by the server$/, [1, 32]],
  ["1012, the service restarts", 1012, /^server closed the WebSocket: 1012 bye$/, [16, 47]],
  ["1013, try again later", 1013, /^server closed the WebSocket: 1013 bye$/, [16, 47]],
];

for (const [limit, code, why, [least, most]] of ENDS)
  row("any proxy", limit, async (t) => {
    const cloud = await Cloud.start(t);
    const board = await bundleBoard(t, {}, device);
    await board.until("connected");
    await board.advance({ seconds: 5 });
    cloud.cut(code, "bye");
    const before = cloud.attempts.length;
    await board.until("connected");
    const [{ why: said, again }] = falls(board) as [{ why: string; again: number }];
    assert.match(said, why);
    assert.ok(again >= least && again <= most, `${again} s`);
    assert.equal(cloud.attempts.length, before + 1);
  });

for (const [limit, change] of [
  ["header names in small letters", (line: string) => line.replace(/^[^:]*:/, (name) => name.toLowerCase())],
  ["header names in capitals", (line: string) => line.replace(/^[^:]*:/, (name) => name.toUpperCase())],
] as const)
  row("any proxy", limit, async (t) => {
    const headers = (lines: string[]) =>
      lines.forEach((line, at) => {
        if (at) lines[at] = change(line);
      });
    await Cloud.start(t, { headers });
    const board = await bundleBoard(t);
    await board.until("connected");
    assert.deepEqual(falls(board), []);
  });

row("Cloudflare", "further headers of the reply, up to 8 KB", async (t) => {
  const headers = (lines: string[]) =>
    lines.push("CF-RAY: 8f", "Server: cloudflare", `Set-Cookie: __cf_bm=${"x".repeat(6000)}; path=/`);
  await Cloud.start(t, { headers });
  const board = await bundleBoard(t);
  await board.until("connected");
});
