// The state of the page, and what changes it. Views read it; nothing else draws.

import { loadJson, loadText, saveJson, saveText } from "../shared/browser-store.ts";
import { fieldsOf } from "../shared/shown.ts";
import { connectTo } from "./broker.ts";
import { newDevice, take } from "./device.ts";
import { MAX_DEVICES, MAX_MESSAGE_BYTES, MAX_OFFERS } from "./limits.ts";
import { pinAnswers, takeReply } from "./orders.ts";
import type { App, Device } from "./records.ts";
import { type Settings, saveSettings } from "./settings.ts";
import { keyOf, nameOfKey, newSigner, type SignState } from "./sign/envelope.ts";
import { placeOf } from "./topics.ts";

export function newApp(settings: Settings, changed: () => void): App {
  const app: App = {
    settings,
    standing: "apart",
    devices: new Map(),
    unseen: new Set(),
    offers: new Map(),
    chosen: undefined,
    news: undefined,
    signers: new Map(),
    born: new Map(),
    sending: Promise.resolve(),
    client: undefined,
    now: () => Date.now(),
    publish: (topic, payload) => publish(app, topic, payload),
    changed,
  };
  return app;
}

/** Connects by new settings, and keeps them. Devices of another broker or base are forgotten. */
export function connect(app: App, settings: Settings): void {
  leave(app);
  const same = settings.url === app.settings.url && settings.base === app.settings.base;
  if (!same) forget(app);
  app.settings = settings;
  saveSettings(settings);
  app.standing = "connecting";
  app.client = connectTo(settings, {
    standing: (standing) => {
      app.standing = standing;
      app.changed();
    },
    message: (topic, payload, kept) => receive(app, topic, payload, kept),
  });
  app.changed();
}

/** Ends the connection. What is shown stays. */
export function leave(app: App): void {
  app.client?.end(true);
  app.client = undefined;
  app.standing = "apart";
  app.changed();
}

function forget(app: App): void {
  app.devices.clear();
  app.unseen.clear();
  app.offers.clear();
  app.signers.clear();
  app.chosen = undefined;
}

function publish(app: App, topic: string, payload: string | Uint8Array): void {
  // An order that waits for a connection would come too late.
  if (!app.client?.connected) throw new Error("");
  app.client.publish(topic, payload as Buffer, { qos: 1 });
}

function receive(app: App, topic: string, payload: Uint8Array, kept: boolean): void {
  const place = placeOf(app.settings.base, topic);
  if (!place || payload.length > MAX_MESSAGE_BYTES) return;
  const text = () => new TextDecoder().decode(payload);
  if ("channel" in place) takeOffer(app, place.channel, text());
  else {
    const device = deviceOf(app, place.id);
    if (device && place.kind === "reply") void takeReply(app, device, place.name, payload);
    else if (device) {
      take(device, place, text(), kept, app.now());
      if (place.kind === "pin" && !kept) pinAnswers(app, device, place.name, text());
    }
  }
  app.changed();
}

function deviceOf(app: App, id: string): Device | undefined {
  const known = app.devices.get(id);
  if (known) return known;
  if (app.devices.size >= MAX_DEVICES) {
    if (app.unseen.size < MAX_DEVICES) app.unseen.add(id);
    return undefined;
  }
  const device = newDevice(id);
  app.devices.set(id, device);
  return device;
}

/** A manifest offers a program; an empty one takes it back. */
function takeOffer(app: App, channel: string, text: string): void {
  if (!app.offers.has(channel) && app.offers.size >= MAX_OFFERS) return;
  if (text) app.offers.set(channel, fieldsOf(text) ?? {});
  else if (app.offers.has(channel)) app.offers.set(channel, undefined);
}

/** Takes a key for a device, or "" for all. False if the text is no key. */
export async function takeKey(app: App, id: string, text: string): Promise<boolean> {
  const key = keyOf(text.trim());
  if (!key) return false;
  const name = `sign:${await nameOfKey(key)}`;
  const store = {
    load: (): SignState => {
      const { epoch = 0, peers = {} } = loadJson<Partial<SignState>>(name) ?? {};
      return { epoch, peers: Object.assign(Object.create(null), peers) };
    },
    save: (state: SignState) => saveJson(name, state),
  };
  app.signers.set(id, await newSigner(key, senderOf(), store, () => app.now() / 1000));
  app.changed();
  return true;
}

export function forgetKey(app: App, id: string): void {
  app.signers.delete(id);
  app.changed();
}

/** This browser's name as a sender. A board knows eight at most, so it stays the same. */
function senderOf(): string {
  const known = loadText("sender");
  if (known) return known;
  const made = `page-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(16)}`;
  saveText("sender", made);
  return made;
}
