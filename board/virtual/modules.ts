// The board's `require`: the modules that an ESP32 has, built in or uploaded beside the program. Each is made when it
// is first required.
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { flatten, toBuffer } from "./bytes.ts";
import type { Fn, Obj, Realm } from "./realm.ts";

/** Makes a module when it is first required. */
export type Makers = Record<string, () => unknown>;

/**
 * Puts `require` and `Modules` into the firmware's world and returns `require`. Modules that are not built in are files
 * in Storage; `read` reads them.
 */
export function addRequire(
  realm: Realm,
  makers: Makers,
  read: (name: string) => string | undefined,
): (name: string) => unknown {
  const cache = new Map<string, unknown>();
  const require = (name: string) => {
    if (!cache.has(name)) {
      const file = Object.hasOwn(makers, name) ? undefined : read(name);
      // The engine's words, also for `tls` in a build without TLS.
      if (!Object.hasOwn(makers, name) && file === undefined)
        throw realm.error("Error", `Module "${name}" not found`);
      cache.set(name, file === undefined ? makers[name]!() : load(realm, file));
    }
    return cache.get(name);
  };
  const Modules = realm.object();
  realm.define(Modules, {
    addCached(name: string, module: unknown) {
      cache.set(name, load(realm, module));
    },
    removeCached: (name: string) => void cache.delete(name),
    removeAllCached: () => cache.clear(),
    getCached: () => realm.array([...cache.keys()]),
  });
  realm.define(realm.global, { require, Modules });
  return require;
}

function load(realm: Realm, module: unknown): unknown {
  const code = typeof module === "string" ? module : `(${module})();`;
  const run = realm.run(`(function (exports, module) { ${code}\nreturn exports; })`, "module") as Fn;
  const exports: Obj = realm.object();
  return Reflect.apply(run, undefined, [exports, realm.object({ exports })]);
}

/** AES as the engine has it: CBC, nothing is padded. */
function aes(realm: Realm, direction: typeof createCipheriv | typeof createDecipheriv) {
  const octets = (data: unknown) =>
    typeof data === "string" ? toBuffer(data) : Uint8Array.from(flatten(data));
  return (message: unknown, key: unknown, { iv = "\0".repeat(16) }: { iv?: unknown } = {}) => {
    const made = direction(`aes-${octets(key).length * 8}-cbc`, octets(key), octets(iv));
    made.setAutoPadding(false);
    return realm.bytes(Buffer.concat([made.update(octets(message)), made.final()])).buffer;
  };
}

/** `require("crypto")`, as far as MQTT over WebSocket needs it. */
export function cryptoModule(realm: Realm): Obj {
  const hash = (algorithm: string) => (data: unknown) => {
    const bytes = typeof data === "string" ? toBuffer(data) : Uint8Array.from(flatten(data));
    return realm.bytes(createHash(algorithm).update(bytes).digest()).buffer;
  };
  const AES = realm.object({ encrypt: aes(realm, createCipheriv), decrypt: aes(realm, createDecipheriv) });
  return realm.object({ SHA1: hash("sha1"), SHA256: hash("sha256"), SHA512: hash("sha512"), AES });
}
