// One TLS 1.2 connection of a client with a pre-shared key, without I/O: bytes go in, bytes and plaintext come out. Begin
// with `newTls`; send `tls.out` whenever it is there; pass what arrives to `tls.takeBytes`; call `goOn` while `busy`.
// In state UP, write what `tls.sealRecord` returns. In state OVER, `tls.why` says why.

import type { Bytes, Psk } from "../board";
import { u16 } from "../mqtt/bytes";
import { randomBytes } from "./chance";
import { type Crypto, HASH, prf, secretOf } from "./crypto";
import { handshakeMessage, plainRecord } from "./handshake";
import { clientHello, nameToAsk } from "./hello";
import { newRecords } from "./record";
import {
  CHANGE_CIPHER_SPEC,
  FINISH,
  HANDSHAKE,
  KEYS,
  MASTER,
  type Tls,
  WAIT_CHANGE,
  WAIT_HELLO,
} from "./state";

const CLIENT_HELLO = 1;
const FINISHED = 20;
/** Bytes of a master secret (RFC 5246 8.1), of a Finished (7.4.9) and of an AES-128 key. */
const MASTER_SECRET = 48;
const VERIFY_DATA = 12;
const AES_KEY = 16;

/**
 * A connection that begins: `out` has ClientHello. Take the next number first (takeChance in chance.ts).
 * @param host of the server, for SNI (RFC 6066 3)
 * @param noise what the board has of it, see chance.ts
 */
export function newTls(crypto: Crypto, psk: Psk, host: Bytes, noise: Bytes): Tls {
  const tls = newRecords() as Tls;
  tls.maskFrame = crypto.maskFrame;
  tls.sha256 = crypto.sha256;
  tls.cipher = crypto.cipher;
  tls.decipher = crypto.decipher;
  tls.bytesOf = crypto.bytesOf;
  tls.collect = crypto.collect;
  tls.inOne = crypto.inOne;
  const pads = secretOf(tls, psk.key);
  const name = nameToAsk(host);
  tls.clientRandom = randomBytes(tls, pads, "client random", psk, noise);
  tls.ivKey = randomBytes(tls, pads, "IV", psk, noise);
  tls.state = WAIT_HELLO;
  tls.unread = "";
  tls.identity = psk.identity;
  tls.secret = psk.key;
  tls.named = name ? 1 : 0;
  tls.transcript = handshakeMessage(CLIENT_HELLO, clientHello(tls.clientRandom, name));
  tls.out = plainRecord(HANDSHAKE, tls.transcript);
  return tls;
}

/** Whether calculations are waiting for {@link goOn}. */
export function busy(tls: Tls): boolean {
  return tls.state >= MASTER && tls.state <= FINISH;
}

/** Does the next step of the calculations. There are three, so that the board does other things in between. */
export function goOn(tls: Tls): void {
  if (tls.state === MASTER) deriveMaster(tls);
  else if (tls.state === KEYS) deriveKeys(tls);
  else if (tls.state === FINISH) finish(tls);
}

/** The master secret (RFC 7627 4), of a premaster secret of zeros and the key (RFC 4279 2). */
function deriveMaster(tls: Tls): void {
  const secret = tls.secret!;
  const eight = "\0\0\0\0\0\0\0\0";
  const zeros = (eight + eight + eight + eight + eight + eight + eight + eight).substr(0, secret.length);
  const length = u16(secret.length);
  tls.hash = tls.inOne(tls.sha256(tls.transcript!));
  delete tls.secret;
  tls.master = secretOf(
    tls,
    prf(
      tls,
      secretOf(tls, length + zeros + length + secret),
      "extended master secret",
      tls.hash,
      MASTER_SECRET,
    ),
  );
  tls.state = KEYS;
}

/** The keys of both directions (RFC 5246 6.3). */
function deriveKeys(tls: Tls): void {
  const block = prf(
    tls,
    tls.master!,
    "key expansion",
    tls.serverRandom! + tls.clientRandom!,
    2 * HASH + 2 * AES_KEY,
  );
  delete tls.clientRandom;
  delete tls.serverRandom;
  const writeMac = secretOf(tls, block.substr(0, HASH));
  const readMac = secretOf(tls, block.substr(HASH, HASH));
  tls.writeInner = writeMac.inner;
  tls.writeOuter = writeMac.outer;
  tls.readInner = readMac.inner;
  tls.readOuter = readMac.outer;
  tls.writeKey = block.substr(2 * HASH, AES_KEY);
  tls.readKey = block.substr(2 * HASH + AES_KEY);
  tls.state = FINISH;
}

/** Our Finished, and what the server's must say: then nothing of the handshake is needed any more. */
function finish(tls: Tls): void {
  const master = tls.master!;
  const finished = handshakeMessage(FINISHED, prf(tls, master, "client finished", tls.hash!, VERIFY_DATA));
  const whole = tls.inOne(tls.sha256(tls.transcript + finished));
  tls.writeHigh = tls.readHigh = "\0\0\0\0\0\0";
  tls.writeLow = tls.readLow = 0;
  tls.expected = prf(tls, master, "server finished", whole, VERIFY_DATA);
  delete tls.master;
  delete tls.hash;
  delete tls.transcript;
  delete tls.named;
  delete tls.heard;
  tls.out =
    (tls.out || "") + plainRecord(CHANGE_CIPHER_SPEC, "\x01") + tls.sealRecord(tls, HANDSHAKE, finished);
  tls.state = WAIT_CHANGE;
}
