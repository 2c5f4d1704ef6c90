// The real engine that ESPRUINO names, for the tests.
import { LinuxEngine } from "../../testing/linux-engine.ts";

export { WIFI_STUB } from "../../testing/linux-engine.ts";

/** The engine's binary and the folder with Espruino's modules, where the user has them. */
export const ESPRUINO = process.env.ESPRUINO ?? "";
export const ESPRUINO_MODULES = process.env.ESPRUINO_MODULES ?? "";

/** Why tests on the engine are skipped, false if they can run. */
export const noEngine: string | false =
  ESPRUINO && ESPRUINO_MODULES
    ? false
    : "set ESPRUINO (a Linux build of Espruino) and ESPRUINO_MODULES (the folder with ws.js)";

export class Engine extends LinuxEngine {
  /** @param files its Storage as byte strings, besides the stock `ws` module and a `Wifi` stub */
  constructor(files: Record<string, string>) {
    super({ path: ESPRUINO, modules: ESPRUINO_MODULES }, files);
  }
}

/** Whether the engine knows strings of bytes only, as a chip does. A plain Linux build knows wide characters. */
export async function hasByteStrings(): Promise<boolean> {
  const engine = new Engine({}).boot('print("length", JSON.parse("\\"\\xc3\\xa9\\"").length)');
  try {
    return (await engine.line(/^length \d/)) === "length 2";
  } finally {
    await engine.off();
  }
}

/** Whether the engine's Storage is mapped into memory, as a chip's is. A plain Linux build reads it through files. */
export async function mapsFlash(): Promise<boolean> {
  const engine = new Engine({}).boot('print("at", E.getAddressOf(require("Storage").read("ws"), true))');
  try {
    return (await engine.line(/^at -?\d/)) !== "at 0";
  } finally {
    await engine.off();
  }
}
