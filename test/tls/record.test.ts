// Records after the handshake: both directions, lengths, sequence numbers, goodbyes, and everything that is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { endOfTcp, GOODBYE, INTERNAL_ERROR, refuse } from "../../src/tls/alerts.ts";
import { MAX_EXPANSION, MAX_FRAGMENT, type Tls } from "../../src/tls/state.ts";
import { atRandom, byteByByte, whole } from "../support/feeds.ts";
import { chance, SEED } from "../support/random.ts";
import { clientOf, connectedPair, OVER, sent, UP } from "./client.ts";
import { bytes } from "./rig.ts";
import { message, record, serverHello, type TlsServer, two } from "./server.ts";

function alertOf(server: TlsServer, tls: Tls): number[] {
  const [one] = server.open(sent(tls));
  assert.equal(one!.type, 21);
  return [...bytes(one!.text)];
}

function refused(server: TlsServer, tls: Tls, alert: number, why: RegExp): void {
  assert.equal(tls.state, OVER);
  assert.match(tls.why!, why);
  assert.deepEqual(alertOf(server, tls), [2, alert]);
}

test("plaintext of every length goes out, and the server reads it", () => {
  const { tls, server } = connectedPair();
  for (const length of [0, 1, 14, 15, 16, 17, 200, 1023, MAX_FRAGMENT]) {
    const sealed = tls.sealRecord(tls, 23, "x".repeat(length));
    const [one] = server.open(sealed);
    assert.equal(one!.type, 23);
    assert.equal(one!.text, "x".repeat(length));
  }
});

test("plaintext of every length comes in, in any pieces, with any padding", () => {
  for (const cut of [whole, byteByByte, (all: string) => atRandom(all, chance(3), 700)]) {
    const { tls, server } = connectedPair();
    let all = "";
    let expected = "";
    for (const length of [0, 1, 15, 16, 200, 1000, MAX_FRAGMENT])
      for (const blocks of [0, 1, 3, 14]) {
        const text = String.fromCharCode(65 + blocks).repeat(length);
        const pad = 15 - (length % 16) + 16 * blocks;
        all += server.seal(23, text, { pad });
        expected += text;
      }
    assert.equal(
      cut(all)
        .map((piece) => tls.takeBytes(tls, piece))
        .join(""),
      expected,
    );
    assert.equal(tls.state, UP);
    assert.equal(tls.unread, "");
  }
});

test("no IV comes again, and none is like that of another connection", () => {
  const seen = new Set<string>();
  for (let n = 0; n < 5; n++) {
    const { tls, server } = connectedPair();
    for (let i = 0; i < 100; i++) seen.add(server.open(tls.sealRecord(tls, 23, "same"))[0]!.iv);
  }
  assert.equal(seen.size, 500);
});

test("sequence numbers have 64 bits in both directions", () => {
  for (const start of [65534n, 2n ** 24n - 2n, 2n ** 32n - 2n, 2n ** 53n - 2n, 2n ** 64n - 4n]) {
    const { tls, server } = connectedPair();
    const high = start >> 16n;
    const text = String.fromCharCode(
      ...[40n, 32n, 24n, 16n, 8n, 0n].map((bits) => Number((high >> bits) & 255n)),
    );
    tls.writeHigh = tls.readHigh = text;
    tls.writeLow = tls.readLow = Number(start & 65535n);
    server.read.sequence = server.write.sequence = start;
    for (let n = 0; n < 4; n++) {
      assert.equal(server.open(tls.sealRecord(tls, 23, `${n}`))[0]!.text, `${n}`, `${start}`);
      assert.equal(tls.takeBytes(tls, server.seal(23, `${n}`)), `${n}`);
    }
  }
});

test("after the last sequence number the connection ends: none comes again", () => {
  const { tls } = connectedPair();
  tls.writeHigh = "\xff".repeat(6);
  tls.writeLow = 65536;
  tls.sealRecord(tls, 23, "x");
  assert.equal(tls.state, OVER);
  assert.match(tls.why!, /all sequence numbers are used/);
  const other = connectedPair().tls;
  other.readHigh = "\xff".repeat(6);
  other.readLow = 65536;
  assert.equal(other.takeBytes(other, record(23, "x".repeat(80))), "");
  assert.match(other.why!, /all sequence numbers are used/);
});

test("the free memory is put in order now and then, in both directions", () => {
  const { tls, server } = connectedPair();
  let times = 0;
  tls.collect = () => times++;
  for (let n = 0; n < 64; n++) {
    server.open(tls.sealRecord(tls, 23, "x"));
    tls.takeBytes(tls, server.seal(23, "x"));
  }
  assert.equal(times, 4);
});

test("a record changed in any byte is refused before it is deciphered", () => {
  const length = connectedPair().server.seal(23, "on").length;
  for (let at = 5; at < length; at++) {
    const { tls, server } = connectedPair();
    const good = server.seal(23, "on");
    tls.decipher = () => assert.fail("MAC before decryption");
    const bad = good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) ^ 1) + good.slice(at + 1);
    assert.equal(tls.takeBytes(tls, bad), "", `byte ${at}`);
    refused(server, tls, 20, /a record with a wrong MAC: it was changed on the way/);
  }
});

test("a record that comes again, is left out, or changes its type is refused", () => {
  for (const make of [
    (one: string) => one + one,
    (_one: string, two: string) => two,
    (one: string) => `\x16${one.slice(1)}`,
  ]) {
    const { tls, server } = connectedPair();
    tls.takeBytes(tls, make(server.seal(23, "first"), server.seal(23, "second")));
    refused(server, tls, 20, /a wrong MAC/);
  }
});

test("plaintext in front of a bad record in the same piece is delivered", () => {
  const { tls, server } = connectedPair();
  assert.equal(tls.takeBytes(tls, server.seal(23, "good") + record(23, "x".repeat(80))), "good");
  refused(server, tls, 20, /a wrong MAC/);
});

test("padding that is not right is refused, though its MAC is right", () => {
  for (const [text, pad] of [
    ["x", 14],
    ["x", 14 + 16],
    ["x".repeat(15), 16 * 3],
  ] as const) {
    const { tls, server } = connectedPair();
    assert.equal(tls.takeBytes(tls, server.seal(23, text, { pad, wrongPad: true })), "");
    refused(server, tls, 20, /a padding that is not right/);
  }
  // A length of padding that is longer than the record.
  const { tls, server } = connectedPair();
  assert.equal(
    tls.takeBytes(tls, server.seal(23, `${"x".repeat(15)}\xf0`.repeat(2), { pad: 0, last: 0xf0 })),
    "",
  );
  refused(server, tls, 20, /a padding that is not right/);
});

test("lengths that no encrypted record has are refused", () => {
  for (const length of [0, 1, 31, 32, 47, 63, 65, 79]) {
    const { tls, server } = connectedPair();
    assert.equal(tls.takeBytes(tls, record(23, "x".repeat(length))), "");
    refused(server, tls, 20, /a record with a length that none has/);
  }
});

test("a record longer than the limit: what to set at the server is said", () => {
  const { tls, server } = connectedPair();
  assert.equal(tls.takeBytes(tls, `\x17\x03\x03${two(MAX_FRAGMENT + MAX_EXPANSION + 1)}`), "");
  refused(
    server,
    tls,
    22,
    /a record of 1329 bytes, 1024 allowed: let the server obey max_fragment_length, or set its/,
  );
  const other = connectedPair();
  assert.equal(other.tls.takeBytes(other.tls, other.server.seal(23, "x".repeat(1025))), "");
  refused(other.server, other.tls, 22, /a record of 1025 bytes, 1024 allowed/);
});

test("no more than one record waits in memory", () => {
  const { tls, server } = connectedPair();
  const long = server.seal(23, "x".repeat(1024), { pad: 255 });
  for (const piece of byteByByte(long)) {
    tls.takeBytes(tls, piece);
    assert.ok(tls.unread.length <= 5 + MAX_FRAGMENT + MAX_EXPANSION);
  }
  assert.equal(tls.unread, "");
});

test("records of another version or of no known type are refused", () => {
  for (const [head, why] of [
    ["\x17\x03\x02\0\x50", /another version than TLS 1\.2/],
    ["\x15\x03\x01\0\x50", /another version than TLS 1\.2/],
    ["\x18\x03\x03\0\x50", /no known type or version/],
    ["\x17\x04\x03\0\x50", /no known type or version/],
  ] as const) {
    const { tls, server } = connectedPair();
    tls.takeBytes(tls, head);
    refused(server, tls, 10, why);
  }
});

test("close_notify of the server is answered, and is no error", () => {
  const { tls, server } = connectedPair();
  assert.equal(tls.takeBytes(tls, `${server.seal(23, "last") + server.seal(21, "\x01\0")}garbage`), "last");
  assert.equal(tls.state, OVER);
  assert.equal(tls.why, "");
  assert.deepEqual(alertOf(server, tls), [1, 0]);
  assert.equal(endOfTcp(tls, ""), "");
});

test("a warning changes nothing; a fatal alert ends it, and is not answered", () => {
  const { tls, server } = connectedPair();
  assert.equal(tls.takeBytes(tls, server.seal(21, "\x01\x5a") + server.seal(23, "on")), "on");
  assert.equal(tls.state, UP);
  tls.takeBytes(tls, server.seal(21, "\x02\x14"));
  assert.equal(tls.state, OVER);
  assert.equal(tls.why, "TLS: the server ended it with alert 20, see RFC 5246 7.2");
  assert.equal(sent(tls), "");
});

test("alerts before our keys: each says what to change", () => {
  for (const [alert, why] of [
    [20, /another key for this identity: compare mqtt\.tls\.psk\.key/],
    [51, /another key for this identity/],
    [40, /no PSK-AES128-CBC-SHA256: give it pre-shared keys/],
    [71, /no PSK-AES128-CBC-SHA256/],
    [70, /refuses TLS 1\.2: allow it there/],
    [112, /does not know the host name of mqtt\.url/],
    [115, /does not know the identity: give it mqtt\.tls\.psk\.identity/],
    [86, /ended it with alert 86/],
  ] as const) {
    const tls = clientOf();
    sent(tls);
    tls.takeBytes(tls, record(21, `\x01\x70`, "\x03\x01"));
    assert.equal(tls.state, 0, "a warning is let pass");
    tls.takeBytes(tls, record(21, String.fromCharCode(2, alert), "\x03\x01"));
    assert.equal(tls.state, OVER);
    assert.match(tls.why!, why);
    assert.equal(sent(tls), "");
  }
});

test("goodbye in the handshake, and the ends of TCP in words", () => {
  const early = clientOf();
  assert.match(endOfTcp(early, ""), /closed without an answer: is it the port of wss/);
  assert.equal(endOfTcp(early, "no route"), "no route");
  early.takeBytes(early, record(22, serverHello()));
  assert.equal(endOfTcp(early, ""), "TLS: closed during the handshake");
  early.takeBytes(early, record(21, "\x01\0"));
  assert.equal(early.why, "TLS: the server closed it during the handshake");
  const { tls, server } = connectedPair();
  assert.equal(endOfTcp(tls, ""), "TCP ended without TLS's close_notify: something may be cut off");
  assert.match(endOfTcp(tls, "timeout"), /^timeout without TLS's close_notify/);
  tls.takeBytes(tls, server.seal(21, GOODBYE));
  assert.deepEqual(alertOf(server, tls), [1, 0]);
  refuse(tls, INTERNAL_ERROR, "too late");
  assert.equal(tls.why, "");
});

test("10,000 mutated records: none is accepted, none throws, memory stays bounded", () => {
  const random = chance(SEED);
  const below = (n: number) => Math.floor(random() * n);
  let pair = connectedPair();
  for (let n = 0; n < 10_000; n++) {
    if (pair.tls.state !== UP) pair = connectedPair();
    const { tls, server } = pair;
    const type = [23, 23, 22, 21, 20][below(5)]!;
    const text = type === 22 ? message(below(25), "x".repeat(below(40))) : "y".repeat(below(300));
    const good = server.seal(type, text);
    let bad = good;
    for (let k = 0; k <= below(3); k++) {
      const at = below(bad.length);
      const how = below(3);
      const other = String.fromCharCode(bad.charCodeAt(at) ^ (1 + below(255)));
      bad = bad.slice(0, at) + (how ? other : "") + bad.slice(at + (how === 2 ? 1 : how));
    }
    // Two changes may take each other back.
    if (bad.startsWith(good)) bad = bad.slice(1);
    let plain = "";
    for (const piece of atRandom(bad, random, 200)) plain += tls.takeBytes(tls, piece);
    assert.equal(plain, "", `FUZZ_SEED=${SEED} record ${n}`);
    assert.ok(tls.unread.length < 5 + MAX_FRAGMENT + MAX_EXPANSION);
    if (tls.state === UP) tls.state = OVER;
  }
});
