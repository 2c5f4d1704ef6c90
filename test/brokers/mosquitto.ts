// A mosquitto for a test, which ends with the test.
import type { TestContext } from "node:test";
import { installed, Mosquitto } from "../../testing/mosquitto.ts";

export { freePort, Mosquitto, type MosquittoOptions, untilListens } from "../../testing/mosquitto.ts";

/** Why a test of this tool is skipped, or false. Throws if CI is set, because CI must not skip tests. */
export function missing(tool: string): string | false {
  const found = installed(tool);
  if (!found && process.env.CI) throw new Error(`${tool} is not installed`);
  return !found && `${tool} is not installed`;
}

/** Starts mosquitto on free ports until the test ends; returns its URL. */
export async function mosquitto(t: TestContext): Promise<string> {
  return `ws://127.0.0.1:${(await mosquittoPorts(t)).ws}/mqtt`;
}

/** The same; returns its ports of 127.0.0.1: plain TCP, and WebSocket. */
export async function mosquittoPorts(t: Pick<TestContext, "after">): Promise<{ tcp: number; ws: number }> {
  const broker = await Mosquitto.start();
  t.after(() => broker.stop());
  return broker.ports;
}
