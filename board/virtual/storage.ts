// Espruino's Storage: files of bytes in flash that survive a reboot.
import { asBytes, flatten, fromBuffer } from "./bytes.ts";
import { parse, stringify } from "./json.ts";
import type { Obj, Realm } from "./realm.ts";

/** Longer names are cut to this. */
const MAX_NAME = 28;
/** Flash for files on an ESP32, in bytes. */
const SIZE = 224 * 4096;

/** Bytes of a file's header, and the unit that its length is rounded up to. */
const HEADER = 32;
const ALIGNMENT = 4;

/** The power was cut. */
export class PowerCut extends Error {}

/** The flash: file name -> byte string. It belongs to the board, not to one boot. */
export class Flash extends Map<string, string> {
  /** Bytes of erased and replaced files; compaction frees them. */
  trash = 0;
  compactions = 0;
  /** Number of writes and erasures until the power is cut in the middle of one; undefined: it is not. */
  untilCut: number | undefined;
  /** Called when the power is cut. */
  onCut: () => void = () => {};
  /** Whether the power is cut: nothing is written any more. */
  off = false;

  constructor(readonly bytes = SIZE) {
    super();
  }

  /** Bytes behind the last file. */
  get free(): number {
    return [...this.values()].reduce((free, file) => free - stored(file.length), this.bytes - this.trash);
  }

  /** Writes a file: of a write that is cut, half of its bytes. */
  store(name: string, before: string, offset: number, bytes: string): void {
    if (this.off) return;
    const cut = this.spent();
    const length = cut ? Math.floor(bytes.length / 2) : bytes.length;
    this.set(name, before.slice(0, offset) + bytes.slice(0, length) + before.slice(offset + length));
    if (cut) this.cut();
  }

  private cut(): never {
    this.off = true;
    this.onCut();
    throw new PowerCut("the power was cut");
  }

  /** Whether the power is cut now. */
  private spent(): boolean {
    if (this.untilCut === undefined || --this.untilCut > 0) return false;
    this.untilCut = undefined;
    return true;
  }

  /** Turns a file into trash. An erasure that is cut is not made. */
  erase(name: string): void {
    if (this.has(name) && this.spent()) this.cut();
    if (this.off) return;
    const old = this.get(name);
    if (old !== undefined) this.trash += stored(old.length);
    this.delete(name);
  }

  /** Makes room as the engine does, by compaction if necessary. Returns whether there is enough now. */
  makeRoom(length: number): boolean {
    const needed = stored(length);
    if (this.free < needed && this.free + this.trash > needed) this.compact();
    return this.free >= needed;
  }

  compact(): void {
    this.trash = 0;
    this.compactions++;
  }
}

/** Bytes that a file takes. */
function stored(length: number): number {
  return HEADER + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** `require("Storage")` on this flash. */
export function storageModule(realm: Realm, flash: Flash): Obj {
  return realm.object({ ...reading(realm, flash), ...writing(realm, flash) });
}

function reading(realm: Realm, flash: Flash): Obj {
  const read = (name: unknown, offset = 0, length = 0) =>
    length ? flash.get(cut(name))?.substr(offset, length) : flash.get(cut(name))?.substr(offset);
  const stats = () => ({
    totalBytes: flash.bytes,
    freeBytes: flash.free,
    trashBytes: flash.trash,
    fileCount: flash.size,
  });
  return {
    read,
    list: (pattern?: RegExp) =>
      realm.array([...flash.keys()].filter((name) => !pattern || pattern.test(name))),
    getFree: () => flash.free,
    getStats: () => realm.object(stats()),
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
  };
}

function writing(realm: Realm, flash: Flash): Obj {
  const write = (name: unknown, data: unknown, offset = 0, size = 0) => {
    const bytes = toFile(data);
    if (bytes === "" && !size) throw realm.error("Error", "Can't create zero length file");
    const old = flash.get(cut(name));
    if (old === bytes && !offset && !size) return true;
    const length = Math.max(size, offset + bytes.length);
    // Erased flash reads as ones.
    const before = (offset ? (old ?? "") : "").padEnd(length, "\xff");
    if (!offset || old === undefined) {
      if (!flash.makeRoom(length)) throw realm.error("Error", "Unable to find or create file");
      flash.erase(cut(name));
    }
    flash.store(cut(name), before, offset, bytes);
    return true;
  };
  return {
    write,
    writeJSON: (name: unknown, data: unknown) => write(name, stringify(data)),
    erase: (name: unknown) => flash.erase(cut(name)),
    eraseAll: () => {
      flash.clear();
      flash.trash = 0;
    },
    compact: () => flash.compact(),
  };
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
