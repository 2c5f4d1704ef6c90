// How a call has ended: its callback gets the error. Without a callback, an error is an "error" event of the client.

import type { Bytes } from "../board";
import {
  DROPPED,
  PACKET_TOO_LARGE,
  QUEUED,
  QUOTA_EXCEEDED,
  REPLACED,
  SUCCESS,
  UNSPECIFIED_ERROR,
} from "../mqtt/spec";
import type { Callback } from "./arguments";
import { active, errorOf, type ModuleClient, world } from "./client";

/** Queues the callback with the outcome. Without a callback, a failure is an "error" event. */
export function tell(
  client: ModuleClient,
  callback: Callback | undefined,
  what: Bytes,
  reason: number,
  more?: unknown,
): void {
  const failed = reason !== SUCCESS && reason !== QUEUED && (reason > 127 || reason < 0);
  const error = failed ? errorOf(what + ": " + inWords(reason), reason) : undefined;
  if (callback) world.later(callback, error, more);
  else if (error) client.emit("error", error);
}

function inWords(reason: number): Bytes {
  if (reason === QUOTA_EXCEEDED) return "the outbox is full";
  if (reason === PACKET_TOO_LARGE) return "too large";
  if (reason === REPLACED) return "replaced by a newer one";
  if (reason === DROPPED) return "dropped, as it could not be sent at once";
  if (reason === UNSPECIFIED_ERROR) return "the client was ended, or the server refused";
  return world.profile.words(reason);
}

/** Whether this client has ended. If so, the call has failed. */
export function isOver(client: ModuleClient, callback: Callback | undefined, what: Bytes): boolean {
  if (client === active && !client.ending) return false;
  tell(client, callback, what, UNSPECIFIED_ERROR);
  return true;
}
