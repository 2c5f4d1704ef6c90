// A board without a serial line: the uploader's expressions are evaluated at once, on the Storage of a virtual board. Its
// power can be cut at any write.

import { crc32 } from "../../board/virtual/crc32.ts";
import { adaptLanguage } from "../../board/virtual/language.ts";
import { Realm } from "../../board/virtual/realm.ts";
import { type Flash, PowerCut, storageModule } from "../../board/virtual/storage.ts";
import { choose } from "../../src/program/loader.ts";
import type { Espruino } from "../../tools/serial/espruino.ts";

/** The boot code that the loader chooses. */
export function chosen(flash: Map<string, string>, printed: string[]): string {
  return choose({
    readFile: (name) => flash.get(name),
    writeFile(name, bytes) {
      flash.delete(name);
      if (bytes) flash.set(name, bytes);
      return "";
    },
    crc32: (bytes) => crc32(Buffer.from(bytes, "latin1")),
    filesNamed: (prefix) => [...flash.keys()].filter((name) => name.startsWith(prefix)),
    powerCameBack: () => true,
    guard: () => {},
    enter: (file, bootBytes) => flash.get(file)!.slice(0, bootBytes),
    print: (line) => printed.push(line),
    restart: () => {},
  });
}

/** What the engine and the loader made of the files at a start. */
export interface Start {
  /** The code that runs, "" for none. */
  code: string;
  /** Whether the loader is in charge, not a program of an older kind. */
  loader: boolean;
  printed: string[];
}

export class BenchBoard {
  constructor(readonly flash: Flash) {}

  /** What the uploader talks to. */
  get espruino(): Espruino {
    const evaluate = async (expression: string) => {
      if (this.flash.off) throw new PowerCut("the power was cut");
      return JSON.parse(JSON.stringify(this.world().run(expression, "console") ?? null));
    };
    return { evaluate, ask: evaluate, recover: () => {} } as unknown as Espruino;
  }

  /** Power on: the engine runs .boot0, then .bootcde. @param text of dist/loader.js */
  start(loader: string): Start {
    this.flash.off = false;
    const world = this.world();
    for (const name of [".boot0"]) {
      try {
        world.run(this.flash.get(name) ?? "", name);
      } catch (error) {
        // The engine prints the error, and goes on.
        if (!(error instanceof Error)) throw error;
      }
    }
    const boot = this.flash.get(".bootcde") ?? "";
    const printed: string[] = [];
    if (boot !== loader) return { code: boot, loader: false, printed };
    return { code: chosen(this.flash, printed), loader: true, printed };
  }

  private world(): Realm {
    const realm = new Realm();
    adaptLanguage({ realm, random: { fraction: () => 0.5, next: () => 1 }, timeMs: () => 0 });
    const storage = storageModule(realm, this.flash);
    realm.define(realm.global, {
      require: () => storage,
      E: realm.object({ CRC32: (text: string) => crc32(Buffer.from(text, "latin1")) }),
    });
    return realm;
  }
}
