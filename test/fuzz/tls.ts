// A hostile server over TLS: without the key it never gets the client UP, and never a byte of plaintext past it that the
// real server has not sealed, in this order. Nothing throws, and what waits in memory is bounded.
import assert from "node:assert/strict";
import { tls as subject } from "#subject";
import type { Tls } from "../../src/tls/state.ts";
import type { Random } from "../support/random.ts";
import { crypto } from "../tls/rig.ts";
import { EXTENSIONS, extension, IDENTITY, KEY, message, serverHello, TlsServer, two } from "../tls/server.ts";
import type { Target } from "./fuzzer.ts";

const UP = 8;
const OVER = 9;
/** The longest record, and what a handshake message may have. */
const MOST = 5 + 1024 + 304 + 4 + 512 + 1024;

/** Always the same random bytes, so the server's answers are always the same, too. */
function begin(): Tls {
  return subject.newTls(
    crypto,
    { identity: IDENTITY, key: KEY, start: 1, connections: 1 },
    "broker",
    "noise",
  );
}

function sent(tls: Tls): string {
  const out = tls.out ?? "";
  delete tls.out;
  return out;
}

function take(tls: Tls, bytes: string): string {
  const plain = tls.takeBytes(tls, bytes);
  while (subject.busy(tls)) subject.goOn(tls);
  return plain;
}

const TEXTS = ["a", "", "b".repeat(200), "c".repeat(1024), "d"];
const HELLO = serverHello({ extensions: EXTENSIONS + extension(0) + extension(1, "\x02") });
const flights = (() => {
  const tls = begin();
  const server = new TlsServer();
  const first = server.first(sent(tls), HELLO, message(12, `${two(4)}hint`));
  take(tls, first);
  const last = server.last(sent(tls));
  const records = TEXTS.map((text) => server.seal(23, text));
  records.push(server.seal(22, message(0, "")), server.seal(21, "\x01\0"));
  return [first, last, records.join("")];
})();

/** A client that waits for a flight: ServerHello, ChangeCipherSpec, or data. */
function clientAt(phase: number): Tls {
  const tls = begin();
  sent(tls);
  for (const flight of flights.slice(0, phase)) take(tls, flight);
  delete tls.out;
  return tls;
}

export const tls: Target = {
  name: "tls",
  cases: 2000,
  make(random: Random) {
    const phase = random.below(3);
    return String.fromCharCode(phase) + flights[phase];
  },
  check(bytes, random) {
    const phase = (bytes.charCodeAt(0) || 0) % 3;
    const input = bytes.slice(1);
    const client = clientAt(phase);
    let plain = "";
    for (const piece of random.split(input, 600)) {
      plain += take(client, piece);
      assert.ok(
        client.unread.length + (client.message ?? "").length + (client.transcript ?? "").length < MOST,
      );
      assert.ok((client.out ?? "").length < 600, "little is sent");
    }
    if (phase === 0) assert.notEqual(client.state, UP);
    if (phase === 1 && client.state === UP) assert.ok(input.startsWith(flights[1]!), "up without the key");
    if (phase < 2) assert.equal(plain, "");
    assert.ok(TEXTS.join("").startsWith(plain), "plaintext that the server has not sealed");
    if (client.state !== OVER) return;
    assert.equal(typeof client.why, "string");
    assert.ok(!client.why!.includes(KEY.slice(0, 6)));
    assert.equal(take(client, flights[2]!), "", "deaf when it is over");
  },
};
