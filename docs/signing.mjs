// The other side of signed messages, for Node 18 or later, in one file to copy: docs/signing.md has the layout.
import { createHmac, timingSafeEqual } from "node:crypto";

const VERSION_1 = 0x10;
const FRESH = 1;
const TAG = 16;
const MAX_SEQUENCE = 65535;

/** The first half of HMAC-SHA256 over the length of the topic, the topic, and the envelope up to here. */
function tagOf(key, topic, bytes) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(topic));
  return createHmac("sha256", key).update(length).update(topic).update(bytes).digest().subarray(0, TAG);
}

/** Bytes of a key as it stands in config.json, in hexadecimal or base64. */
export function keyOf(text) {
  const hex = /^([0-9a-f]{2})+$/i.test(text);
  const key = Buffer.from(text, hex ? "hex" : "base64");
  if (key.length < 16 || key.length > 64) throw new Error("a key has 16..64 bytes, in hexadecimal or base64");
  return key;
}

export class Signer {
  /**
   * @param {string} key as in config.json
   * @param {string} id 1..32 bytes, different for each sender of this key
   * @param {object} state what `save` was given last, before the restart: it outlives the program, in a file say
   * @param {(state: object) => void} save is called before a message is acted upon, and before a count is used
   */
  constructor(key, id, state = {}, save = () => {}) {
    this.key = keyOf(key);
    this.id = Buffer.from(id);
    if (this.id.length < 1 || this.id.length > 32) throw new Error("a sender id has 1..32 bytes");
    this.state = { epoch: state.epoch ?? 0, peers: Object.assign(Object.create(null), state.peers) };
    this.save = save;
    this.sequence = MAX_SEQUENCE + 1;
  }

  /** The envelope to publish to this topic. */
  seal(topic, payload) {
    if (this.sequence > MAX_SEQUENCE) {
      // A clock makes up for a state that was lost; one that is wrong does no harm.
      this.state.epoch = Math.max(this.state.epoch + 1, Math.floor(Date.now() / 1000));
      this.sequence = 0;
      this.save(this.state);
    }
    const count = Buffer.alloc(6);
    count.writeUInt32BE(this.state.epoch, 0);
    count.writeUInt16BE(this.sequence++, 4);
    const head = Buffer.concat([
      Buffer.from([VERSION_1, this.id.length]),
      this.id,
      count,
      Buffer.from(payload),
    ]);
    return Buffer.concat([head, tagOf(this.key, topic, head)]);
  }

  /** The sender and the payload of an envelope that came under this topic, or why it must not be acted upon. */
  open(topic, envelope) {
    const at = 2 + envelope[1];
    const end = envelope.length - TAG;
    if ((envelope[0] | FRESH) !== (VERSION_1 | FRESH) || at < 3 || at > 34 || !(end >= at + 6))
      return { why: "not signed" };
    if (!timingSafeEqual(tagOf(this.key, topic, envelope.subarray(0, end)), envelope.subarray(end)))
      return { why: "wrong signature" };
    const sender = envelope.toString("latin1", 2, at);
    const epoch = envelope.readUInt32BE(at);
    const sequence = envelope.readUInt16BE(at + 4);
    const [lastEpoch, lastSequence] = this.state.peers[sender] ?? [0, MAX_SEQUENCE];
    if (epoch < lastEpoch || (epoch === lastEpoch && sequence <= lastSequence)) return { why: "old message" };
    this.state.peers[sender] = [epoch, sequence];
    this.save(this.state);
    // It has restarted, and takes nothing more of the epoch that it may have heard of.
    if (epoch > lastEpoch && envelope[0] & FRESH && sender !== this.id.toString("latin1"))
      this.sequence = MAX_SEQUENCE + 1;
    return { sender, payload: envelope.subarray(at + 6, end) };
  }
}
