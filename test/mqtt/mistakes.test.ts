// A wrong call throws: nothing is sent, nothing is kept, and the client goes on as before.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CLOSED,
  type Client,
  type ConnectOptions,
  connect,
  encodeWill,
  field,
  publish,
  spec,
  subscribe,
  unsubscribe,
} from "#subject";
import { feed, newPeer, OPTIONS, type Peer, readyPeer, same, snapshot } from "./peer.ts";

function refused(peer: Peer, mistake: (client: Client) => void, message?: RegExp): void {
  const before = snapshot(peer.client);
  assert.throws(
    () => mistake(peer.client),
    (error: Error) => (message ?? /MQTT/).test(error.message) && error.message.length < 120,
    "the error is named, and as short as a line",
  );
  same(peer.events, []);
  assert.equal(snapshot(peer.client), before);
}

const long = "x".repeat(65536);
const will = { topic: "w", payload: "", qos: 0, retain: false };

const CONNECTS: { [name: string]: Partial<ConnectOptions> } = {
  "a password without user name": { password: "p" },
  "an empty password without user name": { password: "" },
  "an empty client id without clean session": { clientId: "", cleanSession: false },
  "a client id over 65535 bytes": { clientId: long },
  "a client id that is no UTF-8": { clientId: "\xff" },
  "a client id with U+0000": { clientId: "a\0b" },
  "a user name over 65535 bytes": { user: long },
  "a user name that is no UTF-8": { user: "a\xc3" },
  "a user name with U+0000": { user: "\0" },
  "client id and user name that are UTF-8 only when put together": { clientId: "\xc3", user: "\xa9" },
  "a password over 65535 bytes": { user: "u", password: long },
  "keep alive 65536": { keepAlive: 65536 },
  "keep alive -1": { keepAlive: -1 },
  "keep alive 1.5": { keepAlive: 1.5 },
  "keep alive NaN": { keepAlive: Number.NaN },
  "keep alive Infinity": { keepAlive: Infinity },
  "a will without topic": { will: { ...will, topic: "" } },
  "a will to a wildcard": { will: { ...will, topic: "a/#" } },
  "a will to no UTF-8": { will: { ...will, topic: "\xc3" } },
  "a will over 65535 bytes": { will: { ...will, payload: long } },
  "a will with QoS 3": { will: { ...will, qos: 3 } },
  "a will with QoS 4": { will: { ...will, qos: 4 } },
  "a will with QoS -1": { will: { ...will, qos: -1 } },
  "a will to a topic over 65535 bytes": { will: { ...will, topic: long } },
  "a will with a QoS that is a long text": { will: { ...will, qos: long as never } },
  "a will with QoS 0.5": { will: { ...will, qos: 0.5 } },
};
for (const [name, options] of Object.entries(CONNECTS)) {
  test(`connect with ${name}: it throws, and the next connect works`, () => {
    const peer = newPeer({ level: 4 });
    refused(peer, (client) => connect(client, { ...OPTIONS, ...options }, encodeWill(options.will)));
    assert.equal(peer.client.state, CLOSED);
    connect(peer.client, OPTIONS);
    assert.equal(feed(peer, ["\x20\x02\0\0"]), 0, "and connects afterwards");
  });
}

test("connect with fields of exactly 65535 bytes: they are sent", () => {
  const peer = newPeer();
  const most = "x".repeat(65535);
  const options = { ...OPTIONS, clientId: most, user: most, password: most, keepAlive: 65535 };
  const longest = { ...will, topic: most, payload: most };
  connect(peer.client, { ...options, will: longest }, encodeWill(longest));
  assert.equal(peer.events[0]!.length, "sent ".length + 2 * (1 + 3 + 10 + 5 * 65537));
  assert.throws(() => field(long), /65535/);
});

test("connect that throws: the error does not contain the password", () => {
  for (const options of [
    { password: "hush" },
    { user: "hush\xff", password: "hush" },
    { user: `hush${long}` },
  ]) {
    try {
      connect(newPeer().client, { ...OPTIONS, ...options });
      assert.fail("no error");
    } catch (error) {
      assert.doesNotMatch(String(error), /hush/);
    }
  }
});

const MISTAKES: { [name: string]: (client: Client) => void } = {
  "publish without topic": (client) => publish(client, "", "x", 1, false),
  "publish to a wildcard": (client) => publish(client, "a/+", "x", 1, false),
  "publish to U+0000": (client) => publish(client, "a\0", "x", 0, false),
  "publish to a topic over 65535 bytes": (client) => publish(client, long, "", 2, false),
  "publish more than a packet can hold": (client) => publish(client, "a", "x".repeat(2 ** 28), 1, false),
  "publish at QoS 3": (client) => publish(client, "a", "", 3, false),
  "publish at QoS -1": (client) => publish(client, "a", "", -1, false),
  "publish at QoS 0.5": (client) => publish(client, "a", "", 0.5, false),
  "publish at a QoS that is a long text": (client) => publish(client, "a", "", long as never, false),
  "subscribe to a filter over 65535 bytes": (client) => subscribe(client, [{ filter: long, qos: 0 }]),
  "publish at QoS NaN": (client) => publish(client, "a", "", Number.NaN, false),
  "subscribe to nothing": (client) => subscribe(client, []),
  "subscribe to an empty filter": (client) => subscribe(client, [{ filter: "", qos: 0 }]),
  "subscribe to a filter with # inside": (client) => subscribe(client, [{ filter: "#/a", qos: 0 }]),
  "subscribe with a bad filter behind a good one": (client) =>
    subscribe(client, [
      { filter: "a", qos: 0 },
      { filter: "a+", qos: 0 },
    ]),
  "subscribe with QoS 3": (client) => subscribe(client, [{ filter: "a", qos: 3 }]),
  "subscribe with QoS 128": (client) => subscribe(client, [{ filter: "a", qos: 128 }]),
  "unsubscribe from nothing": (client) => unsubscribe(client, []),
  "unsubscribe from an empty filter": (client) => unsubscribe(client, [""]),
  "unsubscribe from a bad filter": (client) => unsubscribe(client, ["a", "b#"]),
  "unsubscribe from a filter over 65535 bytes": (client) => unsubscribe(client, [long]),
  "a second CONNECT": (client) => connect(client, OPTIONS),
};
for (const [name, mistake] of Object.entries(MISTAKES)) {
  test(`throws and changes nothing: ${name}`, () => {
    const peer = readyPeer({ level: 4 });
    refused(peer, mistake);
    assert.equal(publish(peer.client, "a", "", 1, false), spec.SUCCESS);
    same(peer.events, ["sent 320500016100" + "01"], "the next one has the identifier that was not used");
  });
}

test("not connected: wrong calls throw, too, though a correct call only returns a reason", () => {
  for (const [name, mistake] of Object.entries(MISTAKES)) {
    if (name !== "a second CONNECT") refused(newPeer(), mistake);
  }
});

test("connect before CONNACK of the first: it throws", () => {
  const peer = newPeer();
  connect(peer.client, OPTIONS);
  peer.events = [];
  refused(peer, (client) => connect(client, OPTIONS));
});
