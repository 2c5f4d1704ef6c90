// Orders to devices, and what became of each: answered, refused, or not answered in time. A command is answered under
// `reply/<name>`, a change of a pin by its new state.

import { type Fields, fieldsOf } from "../shared/shown.ts";
import { keep } from "./device.ts";
import { ANSWER_MS, MAX_ORDERS, SCAN_MS } from "./limits.ts";
import type { App, Device, Order, Outcome } from "./records.ts";
import { isEnvelope, open, renew, type Signer, seal, uncheckedPayload } from "./sign/envelope.ts";
import { beginTrial, endTrial, hasVerdict, trialRestarts } from "./trial.ts";

/** Whether an order of this topic waits: its answer could not be told from the next one's. */
export function isWaiting(device: Device, topic: string): boolean {
  return device.orders.some((order) => order.outcome === "waiting" && order.topic === topic);
}

/** Sends an order, signed where the device has a key. */
export function order(app: App, device: Device, topic: string, payload = ""): Order | undefined {
  if (isWaiting(device, topic)) return undefined;
  const made: Order = {
    topic,
    payload,
    at: app.now(),
    outcome: "waiting",
    answer: "",
    signed: undefined,
    timer: undefined,
  };
  keep(device.orders, made, MAX_ORDERS);
  made.timer = setTimeout(
    () => settle(app, device, made, "silent", ""),
    topic === "cmd/scan" ? SCAN_MS : ANSWER_MS,
  );
  // One after the other: envelopes must leave in the order of their counts.
  app.sending = app.sending.then(() => send(app, device, made));
  app.changed();
  return made;
}

async function send(app: App, device: Device, made: Order): Promise<void> {
  const topic = `${app.settings.base}/${device.id}/${made.topic}`;
  try {
    const signer = signerOf(app, device);
    if (signer) renewAfterBirth(app, signer, device);
    app.publish(topic, signer ? await seal(signer, topic, made.payload) : made.payload);
  } catch (error) {
    settle(app, device, made, "unsent", (error as Error).message);
  }
}

/** A device that has come up takes nothing more of an epoch that it had noted before. */
function renewAfterBirth(app: App, signer: Signer, device: Device): void {
  if (app.born.get(device.id) !== device.births) renew(signer);
  app.born.set(device.id, device.births);
}

/** The signer for a device: of its own key, or of the one for all. */
export function signerOf(app: App, device: Device): Signer | undefined {
  return app.signers.get(device.id) ?? app.signers.get("");
}

function settle(app: App, device: Device, made: Order, outcome: Outcome, answer: string): void {
  clearTimeout(made.timer);
  made.outcome = outcome;
  made.answer = answer;
  app.news = { device: device.id, order: made };
  app.changed();
}

/** The order that an answer is for: the one that waits, or else the last one that has waited in vain. */
function orderFor(device: Device, topic: string): Order | undefined {
  const same = device.orders.filter((one) => one.topic === topic && one.timer !== undefined);
  const waiting = same.find(({ outcome }) => outcome === "waiting");
  const last = same[same.length - 1];
  return waiting ?? (last?.outcome === "silent" ? last : undefined);
}

/** A pin has told its state: that is the answer to its order. */
export function pinAnswers(app: App, device: Device, name: string, state: string): void {
  const made = orderFor(device, `pin/${name}/set`);
  if (made) settle(app, device, made, "answered", state);
}

/** An answer under `reply/<name>`. One that is not believed ends nothing: the right one may still come. */
export async function takeReply(app: App, device: Device, name: string, bytes: Uint8Array): Promise<void> {
  const signer = signerOf(app, device);
  const topic = `${app.settings.base}/${device.id}/reply/${name}`;
  const text = (payload: Uint8Array) => new TextDecoder().decode(payload);
  if (!signer)
    return takeAnswer(
      app,
      device,
      name,
      text(isEnvelope(bytes) ? uncheckedPayload(bytes) : bytes),
      isEnvelope(bytes) ? false : undefined,
    );
  const opened = await open(signer, topic, bytes);
  if ("payload" in opened) return takeAnswer(app, device, name, text(opened.payload), true);
  note(app, device, `reply/${name}`, opened.why);
}

function takeAnswer(app: App, device: Device, name: string, text: string, signed: boolean | undefined): void {
  const fields = fieldsOf(text);
  if (name === "config-set" && fields) takeTrial(app, device, fields);
  const made = orderFor(device, `cmd/${name}`);
  if (name === "config-get" && fields && fields.error === undefined) device.config = fields;
  if (!made) {
    note(app, device, `reply/${name}`, text, signed);
    return;
  }
  made.signed = signed;
  settle(app, device, made, fields?.error === undefined ? "answered" : "refused", text);
}

function takeTrial(app: App, device: Device, fields: Fields): void {
  if (fields.trying === true) {
    if (device.trial) clearTimeout(device.trial.timer);
    device.trial = beginTrial(app.changed);
    // A board says that it restarts before it answers.
    trialRestarts(device.trial, device.state);
  } else if (device.trial && !hasVerdict(device.trial) && endTrial(device.trial, fields)) {
    // It has another configuration now than the page has read.
    device.config = undefined;
    app.news = { device: device.id, trial: device.trial };
  }
}

/** Something came that no order of this page asked for: another client's answer, or one that is not believed. */
function note(app: App, device: Device, topic: string, answer: string, signed?: boolean): void {
  keep(
    device.orders,
    { topic, payload: "", at: app.now(), outcome: "answered", answer, signed, timer: undefined },
    MAX_ORDERS,
  );
  app.changed();
}
