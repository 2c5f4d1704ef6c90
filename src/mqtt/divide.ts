// A SUBSCRIBE or UNSUBSCRIBE with many filters leaves in as many packets as it needs (3.8, 3.10): by number, because some
// servers take eight filters at most, by size and by what a server of MQTT 5 can.

import { FIVE, refuse5 } from "#five";
import type { Bytes } from "../board";
import { chars } from "./bytes";
import { encodeFilters, encodeSubscriptions, type Subscription } from "./encode";
import { insert, nextIdentifier, remove } from "./outbox";
import { MAX_IDENTIFIER, RESTORING, SUBACK, SUBSCRIPTION_FAILED, SUCCESS } from "./spec";
import { type Client, type Done, MAX_FILTERS, type Pending, SUSPECT_ENDS } from "./state";

/** The answers to the parts of one request. */
interface Parts {
  done: Done;
  /** Parts without an answer, and parts that were answered with success. */
  left: number;
  good: number;
  /** The first failure of a part. */
  reason: number;
  /** The return codes, by part. */
  codes: Bytes[];
}

/** Replaces the request at this place by its parts, each within what a packet may have. Its callback gets one answer. */
export function divide(client: Client, at: number): void {
  const whole = client.pending[at]!;
  const most = client.ends! >= SUSPECT_ENDS ? 1 : MAX_FILTERS;
  // In builds without MQTT 5 a short list needs no look at its filters; one filter needs none at all.
  if (whole.list!.length <= (FIVE ? 1 : most)) return;
  const parts = partsOf(client, whole, most);
  const count = parts.length;
  // Without identifiers for the parts it goes as it is.
  if (count < 2 || client.ids.length + count > MAX_IDENTIFIER) return;
  const id = client.ids[at]!;
  const answers: Parts | undefined = whole.done && {
    done: whole.done,
    left: count,
    good: 0,
    reason: SUCCESS,
    codes: [],
  };
  remove(client, at);
  for (let i = 0; i < count; i++) {
    const part = parts[i]!;
    part.done = answers && partDone(answers, i, part);
    insert(client, part, i ? nextIdentifier(client) : id, at + i);
  }
}

/** The parts of a request, each with at most so many filters. A suspected filter goes alone, see suspect.ts. */
function partsOf(client: Client, whole: Pending, most: number): Pending[] {
  const list = whole.list!;
  const parts: Pending[] = [];
  let last: Pending | undefined;
  for (let i = 0; i < list.length; i++) {
    const next = partOf(whole, [list[i]!]);
    if (last && last.list!.length < most && joins(client, last, next)) {
      last.list!.push(list[i]!);
      last.payload += next.payload;
    } else {
      parts.push(next);
      last = next;
    }
  }
  return parts;
}

function partOf(whole: Pending, list: Subscription[]): Pending {
  const payload = whole.kind === SUBACK ? encodeSubscriptions(list) : encodeFilters(list);
  const part: Pending = { kind: whole.kind, flags: whole.flags, topic: "", payload, list };
  // Those of a SUBSCRIBE that restores belong to its filters.
  if (FIVE) part.more = whole.flags & RESTORING ? list[0]!.more : whole.more;
  return part;
}

/**
 * Whether the server takes a filter in the same packet. Filters with different properties cannot share one. One that the
 * server lacks the feature for must not spoil the others.
 */
function joins(client: Client, part: Pending, next: Pending): boolean {
  if (!FIVE || !client.five) return true;
  if ((part.more || "\0") !== (next.more || "\0")) return false;
  const both: Pending = {
    kind: part.kind,
    flags: 0,
    topic: "",
    payload: part.payload + next.payload,
    list: part.list!.concat(next.list!),
    more: part.more,
  };
  const reason = refuse5(client, next);
  return refuse5(client, part) === reason && refuse5(client, both) === reason;
}

/** The callback of a part. The last one calls that of the request, with a return code for each filter. */
function partDone(answers: Parts, at: number, part: Pending): Done {
  const count = part.list!.length;
  const subscribing = part.kind === SUBACK;
  return function (reason, granted) {
    let codes = granted;
    if (!reason) answers.good++;
    else if (!answers.reason) answers.reason = reason;
    // The code of a part that was not answered stands for each of its filters.
    while (reason && subscribing && codes.length < count)
      codes += chars(reason < 256 ? reason : SUBSCRIPTION_FAILED);
    answers.codes[at] = codes;
    if (--answers.left) return;
    if (answers.good && subscribing) answers.reason = SUCCESS;
    answers.done(answers.reason, answers.good ? answers.codes.join("") : "");
  };
}
