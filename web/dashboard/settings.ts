// Where the broker is. Kept in the browser; the password only if asked.

import { loadJson, saveJson } from "../shared/browser-store.ts";
import { isBase } from "./topics.ts";

export interface Settings {
  url: string;
  user: string;
  password: string;
  /** What the devices' topics begin with, `device.base` of config.json. */
  base: string;
  /** Whether the password is kept. */
  keep: boolean;
}

const NAME = "broker";
const USUAL_BASE = "devices";

/**
 * The settings that were given last, or those in the address of the page: `#broker=ws://...&base=devices`. A password that was kept is
 * for the broker it was kept for.
 * @returns whether to connect at once
 */
export function firstSettings(hash: string): { settings: Settings; ready: boolean } {
  const kept = loadJson<Settings>(NAME);
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const url = words.get("broker");
  const base = words.get("base");
  const usual = { url: "", user: "", password: "", base: USUAL_BASE, keep: false };
  const own = kept && (url === null || url === kept.url) ? { ...usual, ...kept } : usual;
  const settings = { ...own, ...(url !== null && { url }), ...(base !== null && { base }) };
  return { settings, ready: wrongIn(settings, location.protocol) === undefined && (url !== null || !!kept) };
}

export function saveSettings(settings: Settings): void {
  saveJson(NAME, { ...settings, password: settings.keep ? settings.password : "" });
}

export type Wrong = "url" | "credentials" | "mixed" | "base";

/** What is wrong with settings, before anything is tried. @param protocol the page's: `https:` */
export function wrongIn({ url, base }: Settings, protocol: string): Wrong | undefined {
  if (!/^wss?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) return "url";
  const { protocol: scheme, username, password, hostname } = new URL(url);
  if (username || password) return "credentials";
  // Browsers let an https page open ws:// to this machine only (W3C Mixed Content, Secure Contexts 3.1).
  const local = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "https:" && scheme === "ws:" && !local) return "mixed";
  return isBase(base) ? undefined : "base";
}
