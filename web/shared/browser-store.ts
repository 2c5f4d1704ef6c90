// What a page keeps in the browser. A browser may refuse (private windows, a user's choice): then nothing outlives the page.

const PREFIX = "espruino-mqtt-ws:";
/** What could not be kept in the browser, for as long as the page is open. */
const memory = new Map<string, string>();

export function loadText(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? memory.get(name);
  } catch {
    return memory.get(name);
  }
}

export function saveText(name: string, text: string | undefined): void {
  if (text === undefined) memory.delete(name);
  else memory.set(name, text);
  try {
    if (text === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // It stays in memory.
  }
}

/** A JSON value that was kept; undefined if there is none, or it was changed to something else. */
export function loadJson<T>(name: string): T | undefined {
  try {
    return JSON.parse(loadText(name) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function saveJson(name: string, value: unknown): void {
  saveText(name, JSON.stringify(value));
}
