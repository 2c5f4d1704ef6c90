// The option `renew`: the program gets another URL before each attempt to connect, for credentials that expire.

import type { Bytes } from "../board";
import { fall } from "../link/ladder";
import { takeUrl } from "../link/renew";
import { NOT_AUTHORIZED } from "../mqtt/spec";
import type { ModuleClient } from "./client";

/** Calls the program. Without an answer the attempt ends by its deadline (RENEW_DEADLINE_S). */
export function renewUrl(client: ModuleClient, next: () => void): void {
  const link = client.link;
  let asked = 1;
  client.renewal!(function (error?: unknown, url?: Bytes) {
    if (!asked) return;
    asked = 0;
    const wrong = error
      ? "" + ((error as Error).message || error)
      : url === undefined
        ? ""
        : takeUrl(link, url);
    if (wrong) fall(link, "no new credentials: " + wrong, NOT_AUTHORIZED);
    else next();
  });
}
