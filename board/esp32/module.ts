// The exports of `require("mqtt-ws")` on the ESP32: the client of src/module with this board. The user's program handles
// Wi-Fi, watchdog and restarts. The module does nothing before the program calls `connect`.

import type { Bytes, Connection, Owner } from "../../src/board";
import type { Profile } from "../../src/link/profile";
import { install, type ModuleWorld } from "../../src/module/client";
import { newClient, newClientAsync } from "../../src/module/connect";
import { face } from "../../src/module/face";
import type * as Module from "../../src/module/mqtt-ws";
import type { MqttError } from "../../src/module/mqtt-ws";
import { fromJson } from "../../src/text";
import { boardWith } from "./board";

/** @param exports of the module: a name that only the code at its top level sees */
export function provide(profile: Profile, connection: Connection, exports: typeof Module): void {
  // Boolean stands for a function that does nothing: it is built in and takes no memory.
  const world = boardWith(connection, {
    joinWifi: joined,
    restart: Boolean,
    watchdog: Boolean,
  }) as ModuleWorld;
  world.profile = profile;
  world.flat = flat;
  world.hear = hear;
  world.unhear = unhear;
  world.promise = promise;
  world.later = later;
  install(world);
  exports.connectAsync = connectAsyncCall as typeof Module.connectAsync;
  exports.connect = connectCall as typeof Module.connect;
  exports.fromJson = fromJson;
}

// Outside of `provide`: a function that is made in another one keeps that one's scope (engine 9).
// biome-ignore-start lint/complexity/noArguments: parameters that are declared cost memory
function connectCall() {
  return newClient(face, arguments[0], arguments[1]);
}

function connectAsyncCall() {
  return newClientAsync(face, arguments[0], arguments[1]);
}
// biome-ignore-end lint/complexity/noArguments: parameters that are declared cost memory

/**
 * The user's program joins the Wi-Fi. If it has not, the connection attempt fails with a reason. The report comes later, so
 * that `connect` returns first.
 */
function joined(_network: unknown, owner: Owner, attempt: number): void {
  setTimeout(function () {
    owner.onJoined(owner, attempt, "");
  }, 0);
}

/** Calls the engine's `on`: the object may have its own method of this name. */
function hear(object: object, event: Bytes, listener: unknown): void {
  (({}) as EspruinoObject).on.call(object, event, listener);
}

function unhear(object: object, event: Bytes, listener: unknown): void {
  (({}) as EspruinoObject).removeListener.call(object, event, listener);
}

/** Queues a call, as an event of a new object with one listener (engine 28). */
function later(
  callback: (error?: MqttError, more?: unknown) => void,
  error?: MqttError,
  more?: unknown,
): void {
  const once = {} as EspruinoObject;
  once.on("call", callback);
  once.emit("call", error, more);
}

/** A promise of the engine's own, which `begin`'s callback settles. What `begin` throws rejects it. */
function promise(begin: (done: (error?: MqttError, more?: unknown) => void) => void): unknown {
  return new Promise(function (resolve, reject) {
    begin(function (error, more) {
      if (error) reject(error);
      else resolve(more);
    });
  });
}

/** A copy of the bytes. Without the second argument E.toString would give the array's own memory (engine 18). */
function flat(data: ArrayBuffer | ArrayBufferView): Bytes {
  const view = data as ArrayBufferView;
  return E.toString(
    view.buffer ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : (data as ArrayBuffer),
    "",
  );
}
