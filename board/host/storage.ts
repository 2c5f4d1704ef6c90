// Espruino's Storage: files of bytes in flash that survive a reboot. Knows names and bytes, no meaning of any file.
import { asBytes, flatten, fromBuffer } from "./bytes.ts";
import { parse, stringify } from "./json.ts";
import type { Obj, Realm } from "./realm.ts";

/** Longer names are cut to this. */
const MAX_NAME = 28;
/** Flash for files on an ESP32, in bytes. */
const SIZE = 224 * 4096;

/** The flash: file name -> byte string. It belongs to the board, not to one boot. */
export type Flash = Map<string, string>;

/** `require("Storage")` on this flash. */
export function storageModule(realm: Realm, flash: Flash): Obj {
  const read = (name: unknown, offset = 0, length = 0) =>
    length ? flash.get(cut(name))?.substr(offset, length) : flash.get(cut(name))?.substr(offset);
  const write = (name: unknown, data: unknown, offset = 0, size = 0) => {
    const bytes = toFile(data);
    if (bytes === "" && !size) throw realm.error("Error", "Can't create zero length file");
    const old = flash.get(cut(name)) ?? "";
    // Flash that was never written reads as ones.
    const blank = (offset || size ? old : "").padEnd(Math.max(size, offset + bytes.length), "\xff");
    flash.set(cut(name), blank.substr(0, offset) + bytes + blank.substr(offset + bytes.length));
    return true;
  };
  return realm.object({
    read,
    write,
    erase: (name: unknown) => void flash.delete(cut(name)),
    eraseAll: () => flash.clear(),
    list: (pattern?: RegExp) =>
      realm.array([...flash.keys()].filter((name) => !pattern || pattern.test(name))),
    getFree: () => [...flash].reduce((free, [, bytes]) => free - 32 - bytes.length, SIZE),
    readJSON: (name: unknown, quiet?: unknown) => {
      const text = read(name);
      if (text === undefined) return undefined;
      try {
        return parse(realm, text);
      } catch (error) {
        if (quiet) return undefined;
        throw error;
      }
    },
    writeJSON: (name: unknown, data: unknown) => write(name, stringify(data)),
  });
}

function cut(name: unknown): string {
  return asBytes(name, "Storage").substr(0, MAX_NAME);
}

function toFile(data: unknown): string {
  if (typeof data === "string") return asBytes(data, "Storage");
  const tag = Object.prototype.toString.call(data);
  if (ArrayBuffer.isView(data) || tag === "[object ArrayBuffer]" || Array.isArray(data)) {
    return fromBuffer(Uint8Array.from(flatten(data)));
  }
  return typeof data === "object" && data !== null ? stringify(data) : asBytes(data, "Storage");
}
