// The reply to the upgrade request (RFC 6455 4.1, 4.2.2): a table of good and bad replies, each whole and byte by byte.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkReply, MAX_REPLY, spec, type Verdict } from "#subject";
import { reply } from "./server.ts";

const yes = { accepted: (): boolean | undefined => true };
const UPGRADE = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: x"];
const ACCEPT = "Sec-WebSocket-Accept: x";
const MQTT = "Sec-WebSocket-Protocol: mqtt";

/** Feeds a reply that grows byte by byte, as the firmware does, and returns the first verdict. */
function byteByByte(text: string, accepted = yes): Verdict | undefined {
  for (let length = 1; length <= text.length; length++) {
    const verdict = checkReply(text.slice(0, length), accepted);
    if (verdict) return verdict;
  }
  return undefined;
}

/** The verdict on a reply. It is the same in any chunks. */
function judged(text: string, accepted = yes): Verdict | undefined {
  const verdict = checkReply(text, accepted);
  assert.deepEqual(byteByByte(text, accepted), verdict, "byte by byte as whole");
  return verdict;
}

/** The verdict in words. */
function verdict(text: string, accepted = yes): string | undefined {
  return judged(text, accepted)?.why;
}

const GOOD: [name: string, text: string][] = [
  ["the example of RFC 6455", reply()],
  [
    "header names in capitals",
    reply([
      "UPGRADE: websocket",
      "CONNECTION: Upgrade",
      "SEC-WEBSOCKET-ACCEPT: x",
      "SEC-WEBSOCKET-PROTOCOL: mqtt",
    ]),
  ],
  [
    "header names in small letters",
    reply([
      "upgrade: websocket",
      "connection: upgrade",
      "sec-websocket-accept: x",
      "sec-websocket-protocol: mqtt",
    ]),
  ],
  ["header values in any case", reply(["Upgrade: WebSocket", "Connection: UPGRADE", ACCEPT, MQTT])],
  [
    "no space behind the colons",
    reply([
      "Upgrade:websocket",
      "Connection:Upgrade",
      "Sec-WebSocket-Accept:x",
      "Sec-WebSocket-Protocol:mqtt",
    ]),
  ],
  [
    "white space around values",
    reply(["Upgrade: \twebsocket ", "Connection:  Upgrade\t", ACCEPT, `${MQTT}  `]),
  ],
  [
    "a list of connection options",
    reply(["Upgrade: websocket", "Connection: keep-alive, Upgrade", ACCEPT, MQTT]),
  ],
  ["other headers around", reply(["Server: nginx", ...UPGRADE, "Date: now", MQTT, "X-Upgrade: no"])],
  ["no reason phrase", reply([...UPGRADE, MQTT], "HTTP/1.1 101 ")],
  ["Upgrade twice, as a proxy repeats it", reply(["Upgrade: websocket", ...UPGRADE, MQTT])],
  ["Upgrade twice in a list", reply(["Upgrade: websocket, WebSocket", ...UPGRADE.slice(1), MQTT])],
  ["every header twice", reply([...UPGRADE, ...UPGRADE, MQTT, MQTT])],
  ["an empty list of extensions", reply([...UPGRADE, MQTT, "Sec-WebSocket-Extensions: "])],
];

for (const [name, text] of GOOD) {
  test(`handshake: accepted, ${name}`, () => {
    assert.equal(verdict(text), "");
    for (let length = 0; length < text.length; length++) {
      assert.equal(checkReply(text.slice(0, length), yes), undefined, `${length} bytes are not all`);
    }
  });
}

const BAD: [name: string, text: string, why: RegExp][] = [
  ["no accept hash", reply(["Upgrade: websocket", "Connection: Upgrade", MQTT]), /Sec-WebSocket-Accept/],
  [
    "an option that is not Upgrade",
    reply(["Upgrade: websocket", "Connection: keep-alive", ACCEPT, MQTT]),
    /no Upgrade/,
  ],
  [
    "a subprotocol in capitals",
    reply([...UPGRADE, "Sec-WebSocket-Protocol: MQTT"]),
    /wrong subprotocol MQTT/,
  ],
  ["no Upgrade", reply(["Connection: Upgrade", MQTT]), /not a WebSocket server/],
  ["another Upgrade", reply(["Upgrade: h2c", "Connection: Upgrade", MQTT]), /not a WebSocket server/],
  [
    "two different Upgrades",
    reply(["Upgrade: h2c", ...UPGRADE, MQTT]),
    /server: Upgrade: h2c,websocket in its reply$/,
  ],
  ["an empty Upgrade", reply(["Upgrade:", ...UPGRADE.slice(1), MQTT]), /server: no Upgrade in its reply$/],
  ["a longer Upgrade", reply(["Upgrade: websockets", "Connection: Upgrade", MQTT]), /not a WebSocket server/],
  ["no Connection", reply(["Upgrade: websocket", MQTT]), /not a WebSocket server/],
  ["another Connection", reply(["Upgrade: websocket", "Connection: close", MQTT]), /not a WebSocket server/],
  [
    "a header whose name only ends in Upgrade",
    reply(["X-Upgrade: websocket", "Connection: Upgrade", MQTT]),
    /not a WebSocket/,
  ],
  ["no headers at all", reply([]), /not a WebSocket server/],
  ["no subprotocol", reply(UPGRADE), /subprotocol.*mqtt/],
  ["an empty subprotocol", reply([...UPGRADE, "Sec-WebSocket-Protocol:"]), /subprotocol.*mqtt/],
  ["another subprotocol", reply([...UPGRADE, "Sec-WebSocket-Protocol: mqttv3.1"]), /subprotocol.*mqttv3\.1/],
  [
    "several subprotocols",
    reply([...UPGRADE, "Sec-WebSocket-Protocol: mqtt, wamp"]),
    /subprotocol.*mqtt, wamp/,
  ],
  ["an extension", reply([...UPGRADE, MQTT, "Sec-WebSocket-Extensions: permessage-deflate"]), /extension/],
  ["an extension, name in capitals", reply([...UPGRADE, MQTT, "SEC-WEBSOCKET-EXTENSIONS: foo"]), /extension/],
  ["a server of SSH", "SSH-2.0-OpenSSH_9.6\r\n", /not a WebSocket server.*HTTP/],
  ["an MQTT broker's plain port", "\x20\x02\x00\x01", /not a WebSocket server.*HTTP/],
  ["a TLS alert", "\x15\x03\x01\x00\x02\x02\x16", /not a WebSocket server.*HTTP.*wss:/],
  ["a TLS alert of another version", "\x15\x03\x03\x00\x02\x02\x50", /wss:/],
  ["a status line of HTTP/2", "HTTP/2 101\r\n\r\n", /not a WebSocket server.*HTTP/],
  ["small letters for HTTP", "http/1.1 101 OK\r\n\r\n", /not a WebSocket server.*HTTP/],
  ["white space before HTTP", "\r\nHTTP/1.1 101 OK\r\n\r\n", /not a WebSocket server.*HTTP/],
  ["headers behind the empty line", `${reply(UPGRADE)}${MQTT}\r\n\r\n`, /subprotocol.*mqtt/],
];

for (const [name, text, why] of BAD) {
  test(`handshake: refused, ${name}`, () => assert.match(verdict(text) ?? "undecided", why));
}

/** Status lines, and the hint that the log adds. */
const STATUS: [line: string, hint: RegExp][] = [
  ["HTTP/1.1 400 Bad Request", /upgrade request.*wss:/],
  ["HTTP/1.1 401 Unauthorized", /credentials/],
  ["HTTP/1.1 403 Forbidden", /credentials/],
  ["HTTP/1.1 404 Not Found", /path in mqtt\.url/],
  ["HTTP/1.1 426 Upgrade Required", /upgrade request/],
  ["HTTP/1.1 301 Moved Permanently", /mqtt\.url/],
  ["HTTP/1.1 302 Found", /mqtt\.url/],
  ["HTTP/1.1 200 OK", /web server/],
  ["HTTP/1.0 200 OK", /web server/],
  ["HTTP/1.1 100 Continue", /100 Continue/],
  ["HTTP/1.1 1010 Nothing", /1010/],
  ["HTTP/1.1 500 Internal Server Error", /500/],
  ["HTTP/1.1 503 Service Unavailable", /503 Service Unavailable/],
];

for (const [line, hint] of STATUS) {
  test(`handshake: refused with ${line}, the log has the line and a hint`, () => {
    // Headers of a successful upgrade change nothing.
    for (const lines of [[], ["Content-Length: 0"], [...UPGRADE, MQTT]]) {
      const why = verdict(reply(lines, line)) ?? "undecided";
      assert.ok(why.startsWith(line), why);
      assert.match(why, hint);
    }
  });
}

test("handshake: the reason is an HTTP status from 300 to 599 or our code for the subprotocol, else unspecified", () => {
  const reason = (lines: string[], line?: string) => judged(reply(lines, line))?.reason;
  for (const status of [300, 301, 401, 403, 404, 429, 503, 599])
    assert.equal(reason([], `HTTP/1.1 ${status} So`), status);
  for (const status of [100, 200, 256, 257, 258, 259, 299, 600, 999, "abc", "4"])
    assert.equal(reason([], `HTTP/1.1 ${status} So`), spec.UNSPECIFIED_ERROR, `${status}`);
  assert.equal(reason(UPGRADE), spec.WRONG_SUBPROTOCOL);
  assert.equal(reason([...UPGRADE, "Sec-WebSocket-Protocol: wamp"]), spec.WRONG_SUBPROTOCOL);
  assert.equal(reason([MQTT]), spec.UNSPECIFIED_ERROR);
  assert.equal(reason([...UPGRADE, MQTT]), spec.SUCCESS);
});

/** What the header says, the seconds to wait, and the end of the reason. */
const RETRY_AFTER: [value: string, wait: number, end: RegExp][] = [
  ["120", 120, /, it asks to wait 120 s$/],
  ["0", 0, /, it asks to wait 0 s$/],
  ["600", 600, /, it asks to wait 600 s$/],
  ["601", 600, /, it asks to wait 601 s, 600 are obeyed$/],
  ["9".repeat(30), 600, /9 s, 600 are obeyed$/],
  ["Fri, 31 Dec 1999 23:59:59 GMT", 0, /, its Retry-After has no seconds: not obeyed$/],
  ["-5", 0, /not obeyed$/],
  ["1.5", 0, /not obeyed$/],
];

for (const [value, wait, end] of RETRY_AFTER)
  test(`handshake: Retry-After: ${value.substr(0, 8)} is a wait of ${wait} s (RFC 9110 10.2.3)`, () => {
    for (const line of ["HTTP/1.1 503 Service Unavailable", "HTTP/1.1 429 Too Many Requests"]) {
      const { why, wait: asked } = judged(reply([`retry-after: ${value}`], line))!;
      assert.equal(asked, wait);
      assert.match(why, end);
    }
  });

test("handshake: without Retry-After the server asks for no wait", () => {
  for (const text of [reply(), reply([], "HTTP/1.1 503 Busy"), reply(UPGRADE), reply([MQTT])])
    assert.equal(judged(text)!.wait, 0);
});

test("handshake: a redirect says where to, without the query (RFC 9110 10.2.2)", () => {
  const moved = (...lines: string[]) => verdict(reply(lines, "HTTP/1.1 308 Permanent Redirect"));
  assert.equal(
    moved("Location: https://other.example/mqtt?token=s3cret"),
    "HTTP/1.1 308 Permanent Redirect: the broker moved to https://other.example/mqtt, update mqtt.url",
  );
  assert.equal(moved(), "HTTP/1.1 308 Permanent Redirect: the broker moved, update mqtt.url");
});

test("handshake: refused, wrong Sec-WebSocket-Accept", () => {
  assert.match(verdict(reply(), { accepted: () => false }) ?? "", /Sec-WebSocket-Accept/);
});

test("handshake: the accept hash is asked for only when the reply is complete", () => {
  let asked = 0;
  const text = reply();
  const count = { accepted: () => ++asked > 0 };
  checkReply(text.slice(0, -1), count);
  assert.equal(asked, 0);
  checkReply(text, count);
  assert.equal(asked, 1);
});

test("handshake: a header that must stand once and stands twice is refused", () => {
  const twice = [...UPGRADE, MQTT, "Sec-WebSocket-Protocol: wamp"];
  assert.notEqual(verdict(reply(twice)), "", "RFC 6455 11.3.4");
});

/** A good reply of so many bytes, its empty line included. */
function padded(length: number): string {
  const text = reply([...UPGRADE, MQTT, "X-Pad: "]);
  return text.replace("X-Pad: ", `X-Pad: ${"p".repeat(length - text.length)}`);
}

test(`handshake: a reply of ${MAX_REPLY} bytes is accepted, a longer one is not`, () => {
  assert.equal(MAX_REPLY, 2048);
  assert.equal(verdict(padded(MAX_REPLY)), "");
  for (let length = MAX_REPLY + 1; length <= MAX_REPLY + 8; length++) {
    assert.match(verdict(padded(length)) ?? "undecided", /2048/);
  }
});

test("handshake: an endless reply is refused at the limit, whatever its status", () => {
  for (const line of ["HTTP/1.1 101 Switching Protocols", "HTTP/1.1 404 Not Found"]) {
    const start = `${line}\r\nX-Pad: `;
    const text = start + "p".repeat(4096);
    assert.equal(checkReply(text.slice(0, MAX_REPLY), yes), undefined);
    assert.match(checkReply(text.slice(0, MAX_REPLY + 1), yes)?.why ?? "undecided", /2048/);
    assert.match(verdict(text) ?? "undecided", /2048/);
  }
});

test("handshake: frames behind the reply in its chunk do not count for the limit", () => {
  assert.equal(checkReply(reply() + "\x82\x7e".repeat(3000), yes)?.why, "");
  assert.equal(checkReply(`${reply()}\r\nUpgrade: none\r\n\r\n`, yes)?.why, "");
  assert.match(checkReply(`${reply(UPGRADE)}\x82\x04\r\n${MQTT}\r\n`, yes)?.why ?? "", /subprotocol/);
});
