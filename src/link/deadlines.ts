// The rungs that end by themselves: how many seconds each may take, and what is said of one that took too long.

import type { Bytes } from "../board";
import {
  CLOSE_DEADLINE_S,
  CONNECT_DEADLINE_S,
  JOIN_DEADLINE_S,
  JOINING,
  LEAVING,
  OPENING,
  RENEW_DEADLINE_S,
  RENEWING,
  SECURING,
  TLS_DEADLINE_S,
} from "./rungs";

interface Deadline {
  seconds: number;
  /** "" where its end is no failure. */
  late: Bytes;
}

/** The table. Made when it is asked for: so it takes no memory (engine 10). */
export function deadlineOf(rung: number): Deadline {
  const table: { [rung: number]: Deadline } = {};
  table[JOINING] = { seconds: JOIN_DEADLINE_S, late: "no answer from Wi-Fi" };
  table[RENEWING] = {
    seconds: RENEW_DEADLINE_S,
    late: "the application got no new credentials in " + RENEW_DEADLINE_S + " s",
  };
  table[OPENING] = { seconds: CONNECT_DEADLINE_S, late: "no answer from the server" };
  table[SECURING] = {
    seconds: TLS_DEADLINE_S,
    late: "no end of the TLS handshake in " + TLS_DEADLINE_S + " s",
  };
  table[LEAVING] = { seconds: CLOSE_DEADLINE_S, late: "" };
  return table[rung]!;
}
