// What a configuration wants of a board's TLS, with one broker and with several.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tlsIn } from "../../tools/flash/load.ts";

const PSK = { psk: { identity: "me", key: "k" } };
const says = (mqtt: object) => tlsIn({ mqtt } as never);

test("tls: one broker", () => {
  assert.deepEqual(says({ url: "ws://a" }), { connects: false, accepts: false, psk: false });
  assert.deepEqual(says({ url: "wss://a", tls: PSK }), { connects: false, accepts: false, psk: true });
  assert.deepEqual(says({ url: "wss://a", tls: "unverified" }), {
    connects: true,
    accepts: true,
    psk: false,
  });
  assert.deepEqual(says({ url: "ws://a", tls: "unverified" }), {
    connects: false,
    accepts: true,
    psk: false,
  });
});

test("tls: of several brokers each counts, with its own tls or the default", () => {
  const list = (...url: unknown[]) => says({ url, tls: PSK });
  assert.deepEqual(list("ws://a", "wss://b"), { connects: false, accepts: false, psk: true });
  assert.deepEqual(list("ws://a", { url: "wss://b", tls: "unverified" }), {
    connects: true,
    accepts: true,
    psk: false,
  });
  assert.deepEqual(list("wss://a", { url: "WSS://b", tls: "unverified" }), {
    connects: true,
    accepts: true,
    psk: true,
  });
});
