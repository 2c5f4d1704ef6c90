// What both clusters of Erlang share: a port mapper of their own, and a cookie.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Children, untilListens } from "./children.ts";
import { freePort } from "./ports.ts";

export const COOKIE = "fleet";
/** Erlang's own connections, on this machine only. */
export const HERE_ONLY = ["-kernel", "inet_dist_use_interface", "{127,0,0,1}"];

/** Starts the port mapper; returns the environment of all nodes. */
export async function erlang(children: Children): Promise<Record<string, string>> {
  const port = await freePort();
  const home = children.room("home");
  const cookie = join(home, ".erlang.cookie");
  writeFileSync(cookie, COOKIE);
  chmodSync(cookie, 0o400);
  const child = children.launch("epmd", "epmd", ["-port", `${port}`, "-address", "127.0.0.1"]);
  await untilListens(port, "epmd", child);
  return { HOME: home, ERL_EPMD_PORT: `${port}`, ERL_EPMD_ADDRESS: "127.0.0.1" };
}
