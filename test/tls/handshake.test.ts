// The handshake with a scripted server: in any pieces, and every refusal with its alert and its words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { takeContent } from "../../src/tls/handshake.ts";
import { MAX_MESSAGE, type Tls } from "../../src/tls/state.ts";
import { atRandom, byteByByte, cutOnce, whole } from "../support/feeds.ts";
import { chance } from "../support/random.ts";
import { calculate, clientOf, driven, OVER, sent, UP } from "./client.ts";
import { bytes } from "./rig.ts";
import {
  CHANGE,
  EXTENSIONS,
  extension,
  HELLO_DONE,
  type HelloOptions,
  message,
  record,
  serverHello,
  TlsServer,
  two,
} from "./server.ts";

/** Takes pieces, sends what there is, calculates. */
function feed(tls: Tls, pieces: string[]): string {
  let out = "";
  for (const piece of pieces) {
    assert.equal(tls.takeBytes(tls, piece), "");
    out += sent(tls);
    calculate(tls);
    out += sent(tls);
  }
  return out;
}

/** The alert at the end of what was sent: [level, description]. */
function alertIn(out: string): number[] {
  assert.equal(out.slice(-7, -2), "\x15\x03\x03\0\x02", "an alert in a record of its own");
  return [...bytes(out.slice(-2))];
}

function refused(tls: Tls, out: string, alert: number, why: RegExp): void {
  assert.equal(tls.state, OVER);
  assert.match(tls.why!, why);
  assert.deepEqual(alertIn(out), [2, alert]);
  assert.equal(tls.takeBytes(tls, "more"), "");
  assert.equal(sent(tls), "", "nothing more is said");
}

test("ClientHello offers TLS 1.2, the one suite, the three extensions and the name, and nothing else", () => {
  const tls = clientOf({}, "broker.lan");
  const hello = bytes(sent(tls));
  const random = hello.subarray(11, 43).toString("hex");
  assert.equal(
    hello.toString("hex"),
    // Record, message, version, random, no session
    `1603030051${"0100004d"}0303${random}00` +
      // the suite, and the signal of RFC 5746 3.3; no compression
      "000400ae00ff" +
      "0100" +
      // encrypt-then-MAC, extended master secret, 1,024 bytes, server_name
      "0020001600000017000000010001020000000f000d00000a" +
      bytes("broker.lan").toString("hex"),
  );
});

test("no name is asked for where the host is an address, and a dot at the end is no part of it", () => {
  for (const [host, name] of [
    ["192.168.1.7", ""],
    ["fe80::1", ""],
    ["broker", "broker"],
    ["10.example.", "10.example"],
  ] as const) {
    const hello = sent(clientOf({}, host));
    assert.ok(hello.endsWith(name ? name : "\0\x01\0\x01\x02"), host);
  }
});

const FEEDS: [string, (flight: string) => string[]][] = [
  ["whole", whole],
  ["byte by byte", byteByByte],
  ["in random pieces", (flight) => atRandom(flight, chance(7))],
];
for (const [name, cut] of FEEDS)
  test(`the handshake, fed ${name}`, () => {
    const tls = clientOf();
    const server = new TlsServer();
    const out = feed(tls, cut(server.first(sent(tls))));
    feed(tls, cut(server.last(out)));
    assert.equal(tls.state, UP);
    for (const field of ["transcript", "master", "hash", "secret", "identity", "expected", "message"])
      assert.ok(!(field in tls), `${field} is let go of`);
  });

test("the handshake, each flight cut once at every place", () => {
  const lengths = [new TlsServer().first(sent(clientOf())).length, 0];
  for (const pieces of cutOnce("x".repeat(lengths[0]!))) {
    const tls = clientOf();
    const server = new TlsServer();
    const first = server.first(sent(tls));
    const at = pieces[0]!.length;
    const out = feed(tls, [first.slice(0, at), first.slice(at)]);
    const last = server.last(out);
    feed(tls, [last.slice(0, at), last.slice(at)]);
    assert.equal(tls.state, UP, `cut at ${at}`);
  }
});

test("application data glued to the server's Finished are delivered", () => {
  const tls = clientOf();
  const server = new TlsServer();
  const out = feed(tls, [server.first(sent(tls))]);
  assert.equal(
    tls.takeBytes(tls, server.last(out) + server.seal(23, "early") + server.seal(23, " bird")),
    "early bird",
  );
});

test("messages in several records, and several in one; a hint of the server is taken and not needed", () => {
  const hint = message(12, `${two(4)}hint`);
  for (const split of [0, 1, 3, 40]) {
    const tls = clientOf();
    const server = new TlsServer();
    const flight = server.first(sent(tls), serverHello({ session: "s".repeat(32) }), hint).slice(5);
    const records = split
      ? record(22, flight.slice(0, split)) + record(22, flight.slice(split))
      : [serverHello({ session: "s".repeat(32) }), hint, HELLO_DONE].map((one) => record(22, one)).join("");
    const out = feed(tls, [records]);
    const last = server.last(out);
    feed(tls, [last]);
    assert.equal(tls.state, UP, `split at ${split}`);
  }
});

test("every answer that a server may give to the extensions", () => {
  const all = EXTENSIONS + extension(0) + extension(1, "\x02") + extension(0xff01, "\0");
  const tls = clientOf();
  const server = new TlsServer();
  feed(tls, [server.last(feed(tls, [server.first(sent(tls), serverHello({ extensions: all }))]))]);
  assert.equal(tls.state, UP);
});

const HELLOS: [name: string, HelloOptions | string, alert: number, why: RegExp][] = [
  [
    "TLS 1.1",
    { version: "\x03\x02" },
    70,
    /chose version 3\.2, expected 3\.3, which is TLS 1\.2: allow that one/,
  ],
  [
    "another suite",
    { suite: 0xc02f },
    47,
    /cipher suite 0xc02f, only PSK-AES128-CBC-SHA256 \(0xae\) was offered: set/,
  ],
  ["the signal as its suite", { suite: 0xff }, 47, /cipher suite 0xff/],
  ["compression", { compression: 1 }, 47, /chose compression: switch it off/],
  [
    "no encrypt-then-MAC",
    { extensions: extension(23) },
    40,
    /no encrypt-then-MAC \(RFC 7366\): switch it on/,
  ],
  [
    "no extended master secret",
    { extensions: extension(22) },
    40,
    /no extended master secret \(RFC 7627\): switch/,
  ],
  ["no extensions", { extensions: "" }, 40, /no encrypt-then-MAC/],
  [
    "an extension that was not offered",
    { extensions: EXTENSIONS + extension(35) },
    110,
    /extension 35, which was not/,
  ],
  ["an extension twice", { extensions: EXTENSIONS + extension(22) }, 50, /malformed extensions/],
  [
    "an extension with a value",
    { extensions: `${extension(22, "x")}${extension(23)}` },
    47,
    /extension 22 with another/,
  ],
  [
    "another fragment length",
    { extensions: EXTENSIONS + extension(1, "\x03") },
    47,
    /extension 1 with another value/,
  ],
  [
    "renegotiation info",
    { extensions: EXTENSIONS + extension(0xff01, "\x01x") },
    47,
    /extension 65281 with another/,
  ],
  ["an extension that is cut off", { extensions: `${EXTENSIONS}\0` }, 50, /malformed extensions/],
  [
    "an extension beyond the end",
    { extensions: `${EXTENSIONS}\0\x01\0\x09\x02` },
    50,
    /malformed extensions/,
  ],
  [
    "a list of a wrong length",
    message(2, `\x03\x03${"S".repeat(32)}\0\0\xae\0\0\x09${EXTENSIONS}`),
    50,
    /malformed ext/,
  ],
  ["a short ServerHello", message(2, "\x03\x03"), 50, /ServerHello that is too short/],
  [
    "a session that is too long",
    message(2, `\x03\x03${"S".repeat(32)}\x21${"s".repeat(90)}`),
    50,
    /too short/,
  ],
];
for (const [name, hello, alert, why] of HELLOS)
  test(`ServerHello is refused: ${name}`, () => {
    const tls = clientOf();
    sent(tls);
    const flight = record(22, typeof hello === "string" ? hello : serverHello(hello));
    refused(tls, feed(tls, [flight]), alert, why);
  });

test("a name that was not asked for must not be answered", () => {
  const tls = clientOf({}, "10.0.0.1");
  sent(tls);
  const out = feed(tls, [record(22, serverHello({ extensions: EXTENSIONS + extension(0) }))]);
  refused(tls, out, 110, /extension 0, which was not offered/);
});

const DONE = serverHello() + HELLO_DONE;
const TURNS: [name: string, flight: string, alert: number, why: RegExp][] = [
  ["ServerHelloDone first", record(22, HELLO_DONE), 10, /message 14 out of turn, expected ServerHello$/],
  ["ServerHello twice", record(22, serverHello() + serverHello()), 10, /message 2 out of turn/],
  [
    "a certificate",
    record(22, serverHello() + message(11, "\0\0\0")),
    10,
    /message 11 out of turn, expected ServerKey/,
  ],
  ["a hint twice", record(22, serverHello() + message(12, "\0\0").repeat(2)), 10, /message 12 out of turn/],
  [
    "a malformed hint",
    record(22, serverHello() + message(12, "\0\x05hi")),
    50,
    /malformed ServerKeyExchange/,
  ],
  [
    "a hint without its length",
    record(22, serverHello() + message(12, "")),
    50,
    /malformed ServerKeyExchange/,
  ],
  [
    "a ServerHelloDone with a body",
    record(22, serverHello() + message(14, "x")),
    50,
    /malformed ServerHelloDone/,
  ],
  ["HelloRequest", record(22, message(0, "")), 10, /message 0 out of turn/],
  ["Finished in the clear", record(22, DONE + message(20, "x".repeat(12))), 10, /message 20 out of turn/],
  [
    "a message over its bound",
    record(22, serverHello() + message(12, "x".repeat(513))),
    50,
    /513 bytes, 512 allowed/,
  ],
  ["ChangeCipherSpec first", CHANGE, 10, /ChangeCipherSpec out of turn, expected ServerHello/],
  [
    "ChangeCipherSpec before ClientKeyExchange",
    record(22, serverHello()) + CHANGE,
    10,
    /ChangeCipherSpec out of turn/,
  ],
  ["application data first", record(23, "hello"), 10, /application data out of turn, expected ServerHello/],
  [
    "application data after ServerHelloDone",
    record(22, DONE) + record(23, "x"),
    10,
    /application data out of turn/,
  ],
  ["an empty handshake record", record(22, ""), 10, /an empty handshake record out of turn/],
  [
    "a record that is too long",
    `\x16\x03\x03${two(1025)}`,
    22,
    /record of 1025 bytes, 1024 allowed: let the server obey/,
  ],
  ["an alert of three bytes", record(21, "\x02\x28x"), 50, /an alert of 3 bytes, expected 2/],
  [
    "another version of a record",
    record(22, serverHello()) + record(22, "", "\x03\x02"),
    10,
    /another version than TLS/,
  ],
  ["no TLS", "HTTP/1.1 400 Bad Request\r\n\r\n", 10, /no TLS in the answer: is it the port of ws/],
  ["SSL 2", "\x80\x2e\x01\0\x02", 10, /no TLS in the answer/],
  ["nonsense later", `${record(22, serverHello())}xxxxxxxx`, 10, /a record of no known type or version/],
];
for (const [name, flight, alert, why] of TURNS)
  test(`out of turn or malformed before our Finished: ${name}`, () => {
    for (const pieces of [[flight], byteByByte(flight)]) {
      const tls = clientOf();
      sent(tls);
      let out = "";
      for (const piece of pieces) {
        assert.equal(tls.takeBytes(tls, piece), "");
        out += sent(tls);
      }
      refused(tls, out, alert, why);
    }
  });

test("a record of the longest length is taken, and one byte more is refused by its header", () => {
  const tls = clientOf();
  sent(tls);
  const flight = record(22, serverHello() + message(12, two(510) + "h".repeat(510)) + message(14, ""));
  assert.ok(flight.length < 1024);
  feed(tls, [flight]);
  assert.equal(tls.state, 6);
  assert.equal(MAX_MESSAGE, 512);
});

test("while the client calculates, nothing of the server is taken but an alert", () => {
  for (const steps of [0, 1, 2]) {
    const tls = clientOf();
    const server = new TlsServer();
    tls.takeBytes(tls, server.first(sent(tls)));
    calculate(tls, steps);
    sent(tls);
    tls.takeBytes(tls, record(22, HELLO_DONE));
    refused(tls, sent(tls), 10, /message 14 out of turn, expected nothing before our Finished/);
    calculate(tls);
    assert.equal(tls.state, OVER, "nothing goes on");
  }
});

/** A client that has sent its Finished, and its server. */
function halfWay() {
  const tls = clientOf();
  const server = new TlsServer();
  server.last(feed(tls, [server.first(sent(tls))]));
  // Its Finished was not sent: the next record is its first one.
  server.write.sequence = 0n;
  return { tls, server };
}

/** The alert that the server reads. */
function sealedAlert(server: TlsServer, out: string): number[] {
  const [one, ...more] = server.open(out);
  assert.equal(more.length, 0);
  assert.equal(one!.type, 21);
  return [...bytes(one!.text)];
}

const ENDS: [name: string, (server: TlsServer) => string, alert: number, why: RegExp][] = [
  [
    "Finished before ChangeCipherSpec",
    (server) => record(22, server.ownFinished),
    10,
    /message 20 out of turn, expected Cha/,
  ],
  ["ChangeCipherSpec twice", () => CHANGE + CHANGE, 10, /ChangeCipherSpec twice/],
  ["a ChangeCipherSpec of another byte", () => record(20, "\x02"), 10, /ChangeCipherSpec out of turn/],
  [
    "ChangeCipherSpec inside a message",
    () => record(22, "\x14") + CHANGE,
    10,
    /ChangeCipherSpec out of turn/,
  ],
  [
    "application data before Finished",
    (server) => CHANGE + server.seal(23, "x"),
    10,
    /application data out of turn, exp/,
  ],
  ["a sealed ChangeCipherSpec", (server) => CHANGE + server.seal(20, "\x01"), 10, /ChangeCipherSpec twice/],
  [
    "a wrong Finished",
    (server) => CHANGE + server.seal(22, message(20, "x".repeat(12))),
    51,
    /a Finished that is wrong/,
  ],
  [
    "a short Finished",
    (server) =>
      CHANGE + server.seal(22, `${server.ownFinished.slice(0, 3)}\x04${server.ownFinished.slice(4, 8)}`),
    51,
    /a Finished that is wrong/,
  ],
  [
    "a long Finished",
    (server) => CHANGE + server.seal(22, `\x14\0\0\x0d${server.ownFinished.slice(4)}x`),
    51,
    /a Finished/,
  ],
  [
    "our own Finished",
    (server) => CHANGE + server.seal(22, server.transcript.slice(-16)),
    51,
    /a Finished that is wrong/,
  ],
  [
    "ServerHello again",
    (server) => CHANGE + server.seal(22, serverHello()),
    10,
    /message 2 out of turn, expected Finished/,
  ],
];
for (const [name, make, alert, why] of ENDS)
  test(`before the server's Finished is refused: ${name}`, () => {
    const { tls, server } = halfWay();
    tls.takeBytes(tls, make(server));
    assert.equal(tls.state, OVER);
    assert.match(tls.why!, why);
    assert.deepEqual(sealedAlert(server, sent(tls)), [2, alert]);
  });

test("a server with another key cannot make a Finished, whatever it claims", () => {
  const tls = clientOf();
  const server = new TlsServer("another key of 16 bytes or more.");
  const out = feed(tls, [server.first(sent(tls))]);
  assert.throws(() => server.last(out), /a wrong MAC/);
  assert.throws(() => new TlsServer().last(out, "x".repeat(32)));
});

test("renegotiation is refused as a warning, and ends the connection", () => {
  const tls = clientOf();
  const server = new TlsServer();
  driven(tls, server);
  tls.takeBytes(tls, server.seal(22, message(0, "")));
  assert.equal(tls.state, OVER);
  assert.match(tls.why!, /the server wants to renegotiate: switch renegotiation off there/);
  assert.deepEqual(sealedAlert(server, sent(tls)), [1, 100]);
});

test("ServerHello and Finished after the handshake are out of turn", () => {
  for (const text of [serverHello(), message(20, "x".repeat(12))]) {
    const tls = clientOf();
    const server = new TlsServer();
    driven(tls, server);
    tls.takeBytes(tls, server.seal(22, text));
    assert.match(tls.why!, /out of turn, expected application data/);
    assert.deepEqual(sealedAlert(server, sent(tls)), [2, 10]);
  }
});

test("the first reason counts", () => {
  const tls = clientOf();
  sent(tls);
  tls.takeBytes(tls, record(23, "x"));
  const why = tls.why;
  takeContent(tls, 20, "x");
  assert.equal(tls.why, why);
});
