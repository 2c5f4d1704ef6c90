// HMAC, P_SHA256 and the key schedule: published vectors, and the numbers of OpenSSL for a recorded handshake.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { createServer } from "node:tls";
import { hmac, prf, secretOf } from "../../src/tls/crypto.ts";
import { newTls } from "../../src/tls/tls.ts";
import { PSK, pskServer } from "../brokers/psk.ts";
import { hex } from "../ws/server.ts";
import { calculate, sent, UP } from "./client.ts";
import { bytes, crypto, text } from "./rig.ts";

test("HMAC-SHA256: the vectors of RFC 4231", () => {
  // 4.2, 4.3, and 4.7, whose key is longer than a block.
  for (const [key, data, mac] of [
    ["0b".repeat(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      bytes("Jefe").toString("hex"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "aa".repeat(131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ] as const)
    assert.equal(bytes(hmac(crypto, secretOf(crypto, hex(key)), data)).toString("hex"), mac);
});

test("HMAC-SHA256: keys of every length up to two blocks, as Node has it", () => {
  for (let length = 0; length < 130; length++) {
    const key = "k".repeat(length);
    const expected = text(createHmac("sha256", bytes(key)).update("text").digest());
    assert.equal(hmac(crypto, secretOf(crypto, key), "text"), expected, `${length} bytes`);
  }
});

test("P_SHA256: the vector that the IETF's TLS list published", () => {
  const secret = hex("9bbe436ba940f017b17652849a71db35");
  const seed = hex("a0ba9f936cda311827a6f796ffd5198c");
  const expected =
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
    "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
    "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" +
    "87347b66";
  const made = prf(crypto, secretOf(crypto, secret), "test label", seed, 100);
  assert.equal(bytes(made).toString("hex"), expected);
});

test("the master secret of a handshake is the one in OpenSSL's key log", async (t) => {
  const log: string[] = [];
  const server = createServer(pskServer());
  server.on("keylog", (line: Buffer) => log.push(line.toString()));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const tls = newTls(
    crypto,
    { identity: PSK.identity, key: hex(PSK.key), start: 1, connections: 1 },
    "localhost",
    "noise",
  );
  const random = bytes(tls.clientRandom!).toString("hex");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => socket.destroy());
  let pads = tls.master;
  const write = () => {
    const out = sent(tls);
    if (out) socket.write(bytes(out));
  };
  write();
  await new Promise<void>((done, failed) => {
    socket.on("data", (data) => {
      tls.takeBytes(tls, text(data));
      write();
      while (tls.state > 2 && tls.state < 6) {
        calculate(tls, 1);
        pads = tls.master ?? pads;
      }
      write();
      if (tls.state === UP) done();
      if (tls.why !== undefined) failed(new Error(tls.why));
    });
  });
  const [, logged, master] = /^CLIENT_RANDOM (\w+) (\w+)/.exec(log.join(""))!;
  assert.equal(logged, random);
  assert.deepEqual(pads, secretOf(crypto, hex(master!)));
});
