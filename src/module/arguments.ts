// Arguments as MQTT.js takes them: options and callbacks may be left out. A mistake throws at the call.

import type { Bytes } from "../board";
import { brief, must } from "../mqtt/bytes";
import type { MqttError } from "./mqtt-ws";

/** The arguments of a call: an array, or an object like one. */
export type Arguments = ArrayLike<unknown>;
export type Callback = (error?: MqttError, more?: unknown) => void;

/** The callback among the arguments from `at` on. */
export function callbackOf(args: Arguments, at: number): Callback | undefined {
  for (; at < args.length; at++) {
    if (typeof args[at] === "function") return args[at] as Callback;
    must(
      args[at] === undefined || typeof args[at] === "object" || typeof args[at] === "boolean",
      "bad argument " + at,
    );
  }
  return undefined;
}

/** Throws on an option that does not exist: ignoring it would hide a typing error. */
export function checkNames(options: object, names: Bytes): void {
  for (const name in options) must(names.split(" " + name + " ").length > 1, "unknown option " + brief(name));
}

/** The options, if this argument is an object. */
export function optionsOf<Options>(args: Arguments, at: number): Options {
  return (args[at] && typeof args[at] === "object" ? args[at] : {}) as Options;
}
