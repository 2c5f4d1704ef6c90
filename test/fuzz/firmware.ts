// Hostile servers against the whole firmware on a board in memory: handshake, frames and packets in any pieces, while
// seconds pass and the line is clogged or lost. The firmware never throws, keeps few bytes, reveals no secret, and
// always tries again.
import assert from "node:assert/strict";
import { boot, full, hello, MAX_ANSWERS, MAX_REPLY, signed } from "#subject";
import type { Link } from "../../src/link/rungs.ts";
import { kept } from "../mqtt/peer.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { hmac } from "../support/hmac.ts";
import type { Random } from "../support/random.ts";
import { parseClientFrame, reply, serverFrame } from "../ws/server.ts";
import { frameStream, MOST_KEPT } from "./frames.ts";
import type { Target } from "./fuzzer.ts";
import { packetStream } from "./packets.ts";

export const SECRETS = [
  "s3cretUSER",
  "s3cretPASS",
  "s3cretTOKEN",
  "s3cretWIFI",
  "733363726574733363726574733363726574aa",
];
const [USER, PASS, TOKEN, WIFI, KEY] = SECRETS;
/** Largest packet of the boards here, in bytes. */
export const MAX_PACKET = 128;
/** Largest chunk of a chip's network. */
export const CHUNK = 536;
/** Most bytes that a connection may keep: a packet, answers, a handshake, two control frames, the start of a topic. */
export const MOST_HELD = MAX_PACKET + CHUNK + MAX_ANSWERS + MAX_REPLY + 3 * MOST_KEPT;
const ACCEPTED = "\x20\x02\0\0";

export interface Firmware {
  board: FakeBoard;
  link: Link;
}

/** A firmware that has climbed `rung` rungs of Wi-Fi, TCP, WebSocket, MQTT. */
export function firmware(rung: number, app = hello, from = boot): Firmware {
  const board = new FakeBoard();
  board.files["config.json"] = JSON.stringify({
    wifi: { ssid: "net", password: WIFI },
    mqtt: { url: `ws://${USER}:${PASS}@broker:81/mqtt?token=${TOKEN}`, maxPacket: MAX_PACKET },
    log: 4,
    ...(app.name === "signed" ? { sign: { key: KEY } } : {}),
  });
  const link = from(board, app, full);
  if (!link) throw new Error(board.text);
  if (rung > 0) board.radio.joined("");
  if (rung > 1) board.line.data("");
  if (rung > 2) board.line.data(reply());
  if (rung > 3) board.line.data(serverFrame(0x82, ACCEPTED));
  return { board, link };
}

/** Bytes that the firmware keeps from a server, or for its answers to it. */
export function held({ link }: Firmware): number {
  const { unread, ping, last } = link.ws;
  return kept(link.client) + unread.length + (ping ?? "").length + (last ?? "").length;
}

/** Fails if a secret, or eight bytes of one, is on the console, or on the wire after CONNECT. Six could be a number. */
export function assertSecret(board: FakeBoard): void {
  const dumped = board.lines.map((line) => / 4 wire [<>]((?: [0-9a-f]{2})+)$/.exec(line)?.[1] ?? "").join("");
  const places = {
    "on the console": board.text,
    "in the hexdump": Buffer.from(dumped.replace(/ /g, ""), "hex").toString("latin1"),
    "on the wire": board.writes
      .map((bytes) => parseClientFrame(bytes).payload)
      .filter((payload) => payload.charCodeAt(0) !== 0x10)
      .join("\n"),
  };
  for (const [where, text] of Object.entries(places)) {
    for (const secret of SECRETS) {
      for (let at = 2; at + 8 <= secret.length; at++)
        assert.ok(!text.includes(secret.slice(at, at + 8)), `${secret.slice(at, at + 8)} ${where}`);
    }
  }
}

/** Other events between two chunks. */
function meanwhile({ board }: Firmware, random: Random): void {
  const kind = random.below(20);
  if (kind === 0) board.seconds(1 + random.below(30));
  if (kind === 1) board.clogged = true;
  if (kind === 2 && board.connected) board.drain();
  if (kind === 3 && board.connected) board.line.closed(random.bytes(random.below(20)));
}

/** Fails if the board stays with a server that has become silent. */
export function assertGoesOn({ board, link }: Firmware): void {
  const before = board.opens.length + board.joins.length + board.restarts;
  board.clogged = false;
  board.seconds(400);
  const after = board.opens.length + board.joins.length + board.restarts;
  assert.ok(after > before || link.state === 0, `stuck in state ${link.state}`);
}

export const whole: Target = {
  name: "firmware",
  cases: 700,
  make(random) {
    let bytes = random.below(3) ? "" : reply();
    for (let n = random.below(4); n >= 0; n--)
      bytes += random.below(2) ? serverFrame(0x82, packetStream(random)) : frameStream(random);
    return bytes;
  },
  check(bytes, random) {
    const handshake = /^HT?T?P?/.test(bytes);
    const subject = firmware(handshake ? 2 : 3 + random.below(2), random.below(3) ? hello : signed(hmac));
    const { board } = subject;
    for (const chunk of random.split(bytes, random.below(2) ? CHUNK : 30)) {
      if (board.connected) board.line.data(chunk);
      assert.ok(held(subject) <= MOST_HELD, `${held(subject)} bytes are held`);
      meanwhile(subject, random);
    }
    assert.doesNotMatch(board.text, / 1 app /, "the application was made to fail");
    assertGoesOn(subject);
    assertSecret(board);
  },
};
