// Several servers (mqtt.url as a list): after a failure the next one is tried. Only lists come here.

import { FIVE } from "#five";
import type { Url } from "../config/url";
import { INFO, say } from "../log";
import { backOff } from "./back-off";
import type { Link } from "./rungs";

/**
 * Chooses the server of the next attempt: the next in the list that has asked for no wait, else the one whose wait ends
 * first. So one that refuses for minutes does not keep the board from the others, and is not asked again too early.
 * @param least seconds until the server that has failed may be tried again
 * @returns the seconds to wait
 */
export function nextInList(link: Link, least: number): number {
  // The server has named another one, and that is tried with this server's key and path (MQTT 5, 4.11).
  if (FIVE && link.client.versions && link.client.versions.reference) return backOff(link, least);
  const now = link.board.uptime();
  const failed = link.url;
  let it = failed.next!;
  let best = it;
  failed.untilMs = now + least * 1000;
  // A server that has not failed yet has no time, and every comparison with that is false.
  while (best.untilMs! > now && it !== failed) {
    it = it.next!;
    if (!(it.untilMs! >= best.untilMs!)) best = it;
  }
  use(link, best);
  return backOff(link, best.untilMs! > now ? ((best.untilMs! - now + 999) / 1000) | 0 : 0);
}

/** The login is that of the URL. */
function use(link: Link, url: Url): void {
  link.url = url;
  link.login.user = url.user;
  link.login.password = url.password;
}

/** Begins with a random one, because boards share the servers; and says which there are, in their order from there. */
export function beginList(link: Link): void {
  let it = link.url;
  // A multiple of every number of servers (MAX_SERVERS).
  for (let n = (link.board.chance() * 12) | 0; n; n--) it = it.next!;
  use(link, it);
  do {
    const tls = it.psk
      ? ", authenticated by a pre-shared key, no forward secrecy"
      : it.tls
        ? ", NOT authenticated"
        : "";
    say(link.log, INFO, "boot", "one of several servers: " + it.shown + tls);
    it = it.next!;
  } while (it !== link.url);
}
