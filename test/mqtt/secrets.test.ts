// Secrets in the log: the connection gets a second text of each packet, for the log. User name and password are stars there
// at every level. Below the level that shows the wire, this text is not made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, disconnect, encodeConnect, encodeWill, publish, WIRE } from "#subject";
import { feed, forget, newPeer, OPTIONS, readyPeer, same } from "./peer.ts";

const will = { topic: "w", payload: "gone", qos: 1, retain: true };
const SECRETS: [user: string | undefined, password: string | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["", ""],
  ["alice", undefined],
  ["alice", ""],
  ["alice", "hush"],
  ["a*c", "***"],
  ["al\nice", "\r\n\0\xff"],
  ["\xc3\xa9", "\xff\xfe\0"],
  ["MQTT", "esp"],
];

for (const [user, password] of SECRETS) {
  test(`user ${JSON.stringify(user)}, password ${JSON.stringify(password)}: stars in the log, sent unchanged`, () => {
    const stars = (secret?: string) => secret && "*".repeat(secret.length);
    for (const options of [
      { ...OPTIONS, user, password, will: undefined },
      { ...OPTIONS, user, password, will },
    ]) {
      const expected = encodeConnect(
        { ...options, user: stars(user), password: stars(password) },
        encodeWill(options.will),
      );
      const sent = Buffer.from(encodeConnect(options, encodeWill(options.will)), "latin1").toString("hex");
      for (let level = 0; level <= WIRE; level++) {
        const peer = newPeer({ level });
        connect(peer.client, options, encodeWill(options.will));
        same(peer.events, [`sent ${sent}`], "what is sent is the truth");
        assert.deepEqual(peer.shown, [level === WIRE ? expected : ""]);
        assert.deepEqual(peer.lines, []);
      }
    }
  });
}

test("the caller's options are left as they are", () => {
  const options = Object.freeze({ ...OPTIONS, user: "alice", password: "hush", will: Object.freeze(will) });
  connect(newPeer({ level: WIRE }).client, options, encodeWill(options.will));
  assert.deepEqual([options.user, options.password], ["alice", "hush"]);
});

test("below the level of the wire: CONNECT is encoded once", () => {
  for (const [level, times] of [1, 1, 1, 1, 2].entries()) {
    let made = 0;
    const counted = {
      ...will,
      get qos() {
        made++;
        return will.qos;
      },
    };
    connect(newPeer({ level }).client, { ...OPTIONS, will: counted }, encodeWill(will));
    assert.equal(made, times, `level ${level}`);
  }
});

test("every other packet is shown unchanged", () => {
  const peer = readyPeer({ level: WIRE });
  publish(peer.client, "a", "x", 2, false);
  feed(peer, ["\x50\x02\0\x01"]);
  disconnect(peer.client);
  const shown = Buffer.from(peer.shown.join(""), "latin1").toString("hex");
  assert.equal(shown, peer.events.map((event) => event.slice("sent ".length)).join(""));
  assert.equal(forget(peer).length, 3);
});
