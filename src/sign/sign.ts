// Signed messages: HMAC-SHA256 (RFC 2104) over topic, sender, count and payload. Only holders of the shared key can make
// one, and each is accepted once. The payload stays readable.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { chars, readU16, readU32, u16, u32 } from "../mqtt/bytes";
import {
  isTag,
  MAX_ID,
  MAX_PEERS,
  MAX_SEQUENCE,
  type Peer,
  RESTARTED,
  remember,
  type Signer,
  TAG,
  USED_UP,
} from "./signer";

/** First byte of an envelope: the version of its layout. */
export const VERSION_1 = 0x10;
/** Flag in the first byte: the sender has restarted, and may have forgotten the counts of other senders. */
export const FRESH = 1;

/**
 * A payload in its envelope, to be published to exactly this topic. An envelope may be sent again; receivers accept it
 * once.
 * @returns undefined, with a line in the log, when flash cannot take our count: a number must not be used twice
 */
export function seal(signer: Signer, topic: Bytes, payload: Bytes): Bytes | undefined {
  if (signer.seq > MAX_SEQUENCE) {
    const fresh = signer.seq === RESTARTED ? FRESH : 0;
    signer.epoch++;
    if (!remember(signer)) {
      signer.epoch--;
      return undefined;
    }
    signer.fresh = fresh;
    signer.seq = 0;
  }
  const text =
    chars(VERSION_1 | signer.fresh, signer.id.length) +
    signer.id +
    u32(signer.epoch) +
    u16(signer.seq++) +
    payload;
  const tag = signer.hmac(signer.pads, u16(topic.length) + topic, text);
  return tag && text + tag.substr(0, TAG);
}

/**
 * The payload of an envelope received under a topic. Undefined when the message must be ignored: its sender does not
 * have the key, it is for another topic, or it is not newer than the sender's last one. Each of these is counted and
 * logged.
 */
export function open(signer: Signer, topic: Bytes, envelope: Bytes): Bytes | undefined {
  const end = envelope.length - TAG;
  const idLength = envelope.charCodeAt(1);
  const at = 2 + idLength;
  let why = "";
  if (
    (envelope.charCodeAt(0) | FRESH) !== (VERSION_1 | FRESH) ||
    !idLength ||
    idLength > MAX_ID ||
    end < at + 6
  )
    why = "not signed";
  else if (!isTag(signer, u16(topic.length) + topic, envelope.substr(0, end), envelope.substr(end)))
    why = "wrong signature";
  else {
    // Not in a function of its own: writing to flash is deep enough (engine 19).
    const peer = peerOf(signer, envelope.substring(2, at));
    const epoch = readU32(envelope, at);
    const seq = readU16(envelope, at + 4);
    const before = peer ? peer.epoch : 0;
    if (!peer) why = "more than 8 senders";
    else if (epoch < before || (epoch === before && seq <= peer.seq)) why = "old message of " + peer.id;
    else {
      if (epoch > before) {
        if (!before) signer.peers.push(peer);
        peer.epoch = epoch;
        // Saved before the application acts on it: after a restart the same message is not accepted again.
        if (!remember(signer)) {
          peer.epoch = before;
          if (!before) signer.peers.pop();
          why = "it could come again";
        }
        // After its restart the sender accepts nothing of our old epoch. (Our own messages may come back: no reason to change.)
        else if (envelope.charCodeAt(0) & FRESH && peer.id !== signer.id && signer.seq < USED_UP)
          signer.seq = USED_UP;
      }
      if (!why) peer.seq = seq;
    }
  }
  if (!why) return envelope.substring(at + 6, end);
  signer.dropped++;
  say(signer.log, ERROR, "sign", "dropped, " + why + ": " + topic);
  return undefined;
}

/** The sender of this name, or a new one; undefined if there are too many. */
function peerOf(signer: Signer, id: Bytes): Peer | undefined {
  const peers = signer.peers;
  let i = 0;
  while (i < peers.length && peers[i]!.id !== id) i++;
  return peers[i] || (i < MAX_PEERS ? { id, epoch: 0, seq: MAX_SEQUENCE } : undefined);
}
