// The table of bundles. A row has an application, its profile, its transport and its limits of size and memory. To add an
// application, write src/app/<name>.ts and add a row.

import { BuildError } from "./failure.ts";

/** A bundle: dist/<name>.js, see {@link nameOf}. */
export interface Bundle {
  /** The application: src/app/<app>.ts exports it by this name. `mqtt-ws` is the module for users' programs. */
  app: string;
  /** The file src/profile/<profile>.ts. */
  profile: "full" | "tiny" | "smallest" | "v5";
  /** `ws` uses Espruino's `ws` module; `lean` does its own handshake. */
  transport: "ws" | "lean";
  /**
   * Most bytes of the boot code, and of its parts. Raise a number only in a commit that says why.
   */
  boot: number;
  parts: number;
  /** Most JsVars, connected, with the code in flash, if they are measured (test/engine/budgets.test.ts). */
  jsVars?: number;
  /** Most instructions, if they are measured there. */
  instructions?: Instructions;
  /** One sentence about it. */
  says: string;
}

/**
 * Thousands of instructions inside the engine's handlers, for a message of 20 bytes at QoS 0, 1 and 2, published and
 * received, all its packets together; and for a command for a pin, its new state included.
 */
export interface Instructions {
  publish?: number[];
  receive?: number[];
  command?: number;
}

/** The module for users' programs. It has no application: the program calls it. */
export const MODULE = "mqtt-ws";

/**
 * How to start an application that needs more of the board than others. All names except its own are exports of
 * board/esp32/<name>.ts. "?" becomes the name of the transport.
 */
export const STARTS: Record<string, string> = {
  device: 'device({ pins, chip, hmac, pieces, transportName: () => "?" })',
  signed: "signed(hmac)",
};

export const BUNDLES: Bundle[] = [
  row("hello", "full", "ws", 7_800, 70_800, "The tutorial's job: all of MQTT 3.1.1."),
  row("hello", "full", "lean", 7_900, 70_300, "The same without the `ws` module.", 450, {
    publish: [550, 1_300, 2_030],
    receive: [535, 870, 1_610],
  }),
  row("hello", "tiny", "ws", 7_800, 67_400, "The tutorial's job: QoS 0 and 1."),
  row("hello", "tiny", "lean", 7_850, 66_900, "The same without the `ws` module.", 445, {
    publish: [550, 1_300],
    receive: [535, 870],
  }),
  row(
    "hello",
    "smallest",
    "lean",
    4_200,
    70_300,
    "The same as `hello-lean` without the short ways of messages: less memory, several times the time.",
    425,
  ),
  row(
    "hello",
    "v5",
    "ws",
    11_350,
    79_100,
    "The tutorial's job: MQTT 5, and 3.1.1 where the server speaks no other.",
  ),
  row("hello", "v5", "lean", 11_450, 78_600, "The same without the `ws` module.", 550, {
    publish: [640, 1_490, 2_280],
    receive: [600, 930, 1_760],
  }),
  row("signed", "full", "ws", 7_650, 73_000, "Takes signed commands only and signs its answers."),
  row("device", "full", "ws", 8_700, 134_000, "A device that config.json describes."),
  row("device", "full", "lean", 8_750, 133_500, "The same without the `ws` module.", 620, { command: 2_500 }),
  row("device", "v5", "ws", 12_300, 143_200, "A device that config.json describes, with MQTT 5."),
  row("device", "v5", "lean", 12_400, 142_700, "The same without the `ws` module."),
  row(MODULE, "full", "ws", 1_900, 89_200, "The module for your own programs: all of MQTT 3.1.1."),
  row(MODULE, "full", "lean", 1_950, 88_700, "The same without the `ws` module.", 515, {
    publish: [745, 1_540, 2_260],
    receive: [700, 1_030, 1_770],
  }),
  row(MODULE, "tiny", "ws", 1_900, 85_800, "The module for your own programs: QoS 0 and 1."),
  row(MODULE, "tiny", "lean", 1_900, 85_300, "The same without the `ws` module."),
  row(MODULE, "v5", "ws", 3_000, 108_200, "The module for your own programs: MQTT 5, and 3.1.1."),
  row(MODULE, "v5", "lean", 3_050, 107_800, "The same without the `ws` module."),
];

function row(
  app: string,
  profile: Bundle["profile"],
  transport: Bundle["transport"],
  boot: number,
  parts: number,
  says: string,
  jsVars?: number,
  instructions?: Instructions,
): Bundle {
  return { app, profile, transport, boot, parts, says, jsVars, instructions };
}

/** The loader, dist/loader.js: what a board runs at power-on (src/program/loader.ts). It has no application. */
export const LOADER: Bundle = row("loader", "full", "ws", 2_850, 0, "Starts the program.");

/** Most bytes that MQTT 5 may add to `hello`: properties, limits of the server, error texts and rules for config.json. */
export const FIVE = { boot: 3_600, parts: 8_400 };

/**
 * Most functions that are made of parts for a message of at most one piece, at any QoS, all its packets together, by profile
 * (test/virtual/loads.test.ts).
 */
export const MOST_MADE = { full: 0, tiny: 0, v5: 0 };

/**
 * Most calls of ours, one inside the other, from the listener of the socket on, in every bundle (test/virtual/depth.test.ts).
 * A C3's stack holds 13 to 15 (engine 19).
 */
export const DEEPEST = 9;

/** The name of a bundle: <app>[-<profile>][-<transport>], without the usual profile and transport. */
export function nameOf({
  app,
  profile,
  transport,
}: {
  app: string;
  profile: string;
  transport: string;
}): string {
  return [app, profile === "full" ? "" : profile, transport === "ws" ? "" : transport]
    .filter(Boolean)
    .join("-");
}

/** The row of a name. Throws a {@link BuildError} that lists all names if there is no such row. */
export function rowOf(name: string): Bundle {
  const bundle = [...BUNDLES, LOADER].find((row) => nameOf(row) === name);
  if (bundle) return bundle;
  throw new BuildError(`there is no bundle ${name}: choose ${BUNDLES.map(nameOf).sort().join(", ")}`);
}
