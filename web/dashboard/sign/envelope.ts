// Signed messages, the page's side: docs/signing.md has the layout and the rules of the count. The state outlives the page,
// the key does not.

import { type Mac, macOf } from "./hmac.ts";

const VERSION_1 = 0x10;
const FRESH = 1;
const TAG = 16;
const MAX_SEQUENCE = 65_535;

/** What has to outlive the page: the last epoch used, and the last count of each sender. */
export interface SignState {
  epoch: number;
  peers: Record<string, [epoch: number, sequence: number]>;
}

/** Where the state is kept. Another window of this browser may have the same place. */
export interface SignStore {
  load(): SignState;
  save(state: SignState): void;
}

export interface Signer {
  mac: Mac;
  id: Uint8Array;
  store: SignStore;
  /** Epoch and next sequence of this window; a sequence over its end begins a new epoch. */
  epoch: number;
  sequence: number;
  /** Seconds since 1970. */
  now(): number;
}

export type Opened = { payload: Uint8Array } | { why: "not signed" | "wrong signature" | "old message" };

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The bytes of a key as it stands in config.json, in hexadecimal or base64; undefined if it is none. */
export function keyOf(text: string): Uint8Array | undefined {
  const bytes = /^([0-9a-f]{2})+$/i.test(text) ? fromHex(text) : fromBase64(text);
  return bytes && bytes.length >= 16 && bytes.length <= 64 ? bytes : undefined;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g)!, (digits) => Number.parseInt(digits, 16));
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** A name under which the state of this key may be kept: a tag, which tells of the key what any signed message does. */
export async function nameOfKey(key: Uint8Array): Promise<string> {
  const tag = (await (await macOf(key))(utf8("state of a page"))).subarray(0, 8);
  return [...tag].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param id 1..32 bytes, different for each sender of this key */
export async function newSigner(
  key: Uint8Array,
  id: string,
  store: SignStore,
  now: () => number,
): Promise<Signer> {
  return { mac: await macOf(key), id: utf8(id), store, epoch: 0, sequence: MAX_SEQUENCE + 1, now };
}

/** The next message begins a new epoch: a device that has restarted takes nothing more of the one it had noted. */
export function renew(signer: Signer): void {
  signer.sequence = MAX_SEQUENCE + 1;
}

/** The envelope to publish to this topic. Envelopes must leave in the order of the calls. */
export async function seal(signer: Signer, topic: string, payload: string): Promise<Uint8Array> {
  const count = nextCount(signer);
  const { id } = signer;
  const head = joined(Uint8Array.of(VERSION_1, id.length), id, count, utf8(payload));
  return joined(head, await tagOf(signer, topic, head));
}

/** The payload of an envelope that came under this topic, or why it is not believed. */
export async function open(signer: Signer, topic: string, envelope: Uint8Array): Promise<Opened> {
  const at = 2 + (envelope[1] ?? 0);
  const end = envelope.length - TAG;
  if (!isEnvelope(envelope)) return { why: "not signed" };
  const wanted = await tagOf(signer, topic, envelope.subarray(0, end));
  if (!sameTag(wanted, envelope.subarray(end))) return { why: "wrong signature" };
  const view = new DataView(envelope.buffer, envelope.byteOffset, envelope.length);
  const [epoch, sequence] = [view.getUint32(at), view.getUint16(at + 4)];
  const sender = String.fromCharCode(...envelope.subarray(2, at));
  const state = signer.store.load();
  const [lastEpoch, lastSequence] = state.peers[sender] ?? [0, MAX_SEQUENCE];
  if (epoch < lastEpoch || (epoch === lastEpoch && sequence <= lastSequence)) return { why: "old message" };
  state.peers[sender] = [epoch, sequence];
  signer.store.save(state);
  if (epoch > lastEpoch && envelope[0]! & FRESH && sender !== String.fromCharCode(...signer.id))
    renew(signer);
  return { payload: envelope.subarray(at + 6, end) };
}

/** Whether a message has the form of an envelope. */
export function isEnvelope(bytes: Uint8Array): boolean {
  const at = 2 + (bytes[1] ?? 0);
  return (
    ((bytes[0] ?? 0) | FRESH) === (VERSION_1 | FRESH) && at >= 3 && at <= 34 && bytes.length - TAG >= at + 6
  );
}

/** The payload of an envelope that is not checked. */
export function uncheckedPayload(envelope: Uint8Array): Uint8Array {
  return envelope.subarray(8 + envelope[1]!, envelope.length - TAG);
}

/** Epoch and sequence as bytes. Also a new epoch where another window of this browser has begun one. */
function nextCount(signer: Signer): Uint8Array {
  const state = signer.store.load();
  if (signer.sequence > MAX_SEQUENCE || state.epoch > signer.epoch) {
    signer.epoch = Math.max(state.epoch + 1, Math.floor(signer.now()));
    signer.sequence = 0;
    signer.store.save({ ...state, epoch: signer.epoch });
  }
  const count = new Uint8Array(6);
  const view = new DataView(count.buffer);
  view.setUint32(0, signer.epoch);
  view.setUint16(4, signer.sequence++);
  return count;
}

/** The first half of HMAC-SHA256 over the length of the topic, the topic, and the envelope up to here. */
async function tagOf(signer: Signer, topic: string, bytes: Uint8Array): Promise<Uint8Array> {
  const name = utf8(topic);
  const length = Uint8Array.of(name.length >> 8, name.length & 255);
  return (await signer.mac(joined(length, name, bytes))).subarray(0, TAG);
}

/** Looks at every byte, so that the time tells nothing of where the first difference is. */
function sameTag(one: Uint8Array, other: Uint8Array): boolean {
  return one.reduce((difference, byte, i) => difference | (byte ^ other[i]!), 0) === 0;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
