// CONNACK (3.2): what it may contain, for a client that asked for a clean session or for its old one, and the Reason Code of
// each refusal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECTING, READY, spec } from "#subject";
import { byteByByte, whole } from "../support/feeds.ts";
import { connectingPeer, feed, same } from "./peer.ts";

type Row = [bytes: string, clean: boolean, reason: number, events: string[]];

const M = spec.MALFORMED_PACKET;
const P = spec.PROTOCOL_ERROR;

const ROWS: { [name: string]: Row } = {
  "accepted, new session": ["20020000", true, 0, ["ready 0"]],
  "accepted, new session, the old one was asked for": ["20020000", false, 0, ["ready 0"]],
  "accepted, session present": ["20020100", false, 0, ["ready 1"]],
  "session present although a clean one was asked for": ["20020100", true, P, []],
  "1, unacceptable protocol version": ["20020001", true, 0x84, []],
  "2, identifier rejected": ["20020002", true, 0x85, []],
  "3, server unavailable": ["20020003", true, 0x88, []],
  "4, bad user name or password": ["20020004", true, 0x86, []],
  "5, not authorized": ["20020005", true, 0x87, []],
  "5, the old session was asked for": ["20020005", false, 0x87, []],
  "refused with a session": ["20020105", false, P, []],
  "refused with a session, a clean one was asked for": ["20020101", true, P, []],
  "code 6": ["20020006", true, M, []],
  "code 127": ["2002007f", true, M, []],
  "code 255": ["200200ff", true, M, []],
  "flags 2": ["20020200", true, M, []],
  "flags 3": ["20020300", false, M, []],
  "flags 128": ["20028000", false, M, []],
  "flags 255": ["2002ff00", false, M, []],
  "no body": ["2000", true, M, []],
  "one byte": ["200100", true, M, []],
  "three bytes": ["2003000000", true, M, []],
  "a long one": ["20800100".padEnd(2 * 131, "0"), true, M, []],
  "over maxPacket": ["20ffff7f", true, spec.PACKET_TOO_LARGE, []],
  "over-long length": ["20820000", true, M, []],
};
for (let flags = 1; flags < 16; flags++) {
  ROWS[`reserved flags ${flags}`] = [`2${flags.toString(16)}020000`, true, M, []];
}

for (const [name, [digits, cleanSession, reason, events]] of Object.entries(ROWS)) {
  test(`CONNACK: ${name}`, () => {
    const bytes = Buffer.from(digits, "hex").toString("latin1");
    for (const chunks of [whole(bytes), byteByByte(bytes)]) {
      const peer = connectingPeer({ level: 1 }, { cleanSession });
      assert.equal(feed(peer, chunks), reason);
      same(peer.events, events);
      assert.equal(peer.client.state, reason ? CONNECTING : READY);
    }
  });
}

test("CONNACK: one that refuses is not logged as a malformed packet", () => {
  const peer = connectingPeer({ level: 4 });
  assert.equal(feed(peer, ["\x20\x02\0\x05"]), spec.NOT_AUTHORIZED);
  assert.deepEqual(peer.lines, []);
});

test("CONNACK: a return code above 5 is in the log", () => {
  for (const code of [6, 127, 128, 135, 255]) {
    const peer = connectingPeer({ level: 1 });
    assert.equal(feed(peer, [`\x20\x02\0${String.fromCharCode(code)}`]), M);
    assert.match(peer.lines.join(), new RegExp(`CONNACK has return code ${code}: `));
  }
});
