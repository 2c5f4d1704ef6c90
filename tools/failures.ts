// Every way in which the commands end: exit code, meaning, remedy. The code that fails adds what it saw.

/** Exit code, meaning, remedy. The manual has the same table; a test compares them. */
const TABLE = {
  bug: [1, "a fault of this tool", "please report it with what it printed"],
  usage: [2, "a wrong option", "see --help"],
  config: [3, "the configuration is missing or wrong", "correct it and run again"],
  build: [
    4,
    "the firmware cannot be built, or a library is not there",
    "install what the message names, or look at the errors of the build",
  ],
  module: [5, "the ws module cannot be had", "connect to the Internet once, or give its text with --ws FILE"],
  changed: [
    6,
    "the ws module is not the one trusted before",
    "take the new one with --accept-ws if you expected the change",
  ],
  esptool: [7, "esptool is missing", 'install it with "pip install esptool" and run again'],
  esptoolFailed: [
    8,
    "esptool failed",
    "hold the board's BOOT button while it connects, and check cable, chip and folder",
  ],
  port: [9, "no such port", "plug the board in, and name its port where there are several"],
  permission: [
    10,
    "no permission for the port",
    'add yourself to its group ("sudo usermod -aG dialout $USER") and log in anew',
  ],
  busy: [11, "the port is in use", "close the program that has it open (a monitor, an IDE)"],
  silent: [
    12,
    "the board does not answer",
    "press its reset button, check cable and power, or write Espruino with --firmware DIR",
  ],
  board: [13, "not an ESP32 with Espruino", "name another port, or write Espruino with --firmware DIR"],
  version: [14, "Espruino is too old", "write 2v25 or later, best 2v27, with --firmware DIR"],
  lacks: [
    15,
    "Espruino lacks a module that the firmware needs",
    "choose a build that does without, or another Espruino",
  ],
  memory: [
    16,
    "the board has too little memory",
    "turn Bluetooth off with --no-ble, or use a board with more memory",
  ],
  full: [17, "the board's Storage is full or too small", "free it with --erase, or choose a smaller build"],
  unplugged: [18, "the board was unplugged", "plug it in and run again"],
  verify: [
    19,
    "what was written reads back differently",
    "run again; if it stays, the board's flash is worn out",
  ],
  down: [
    20,
    "the link did not come up",
    "look at the reason in the log, correct the configuration and run again",
  ],
  file: [21, "a file cannot be read or written", "check its name and its folder"],
  refused: [22, "the board refused a command", "press its reset button and run again"],
  locked: [
    23,
    "the board's console has a password",
    "type it in npx espruino-mqtt-ws monitor and run again, or write Espruino with --firmware DIR --erase",
  ],
  broker: [
    24,
    "the broker cannot be reached, or the connection to it was lost",
    "check the URL, and that the broker runs; then run again",
  ],
  denied: [
    25,
    "the broker refuses",
    "check user name and password in the URL, and the broker's access rules",
  ],
  kept: [
    26,
    "the broker does not keep what is published",
    "let it keep retained messages of this size and number, and look at its access rules",
  ],
  key: [
    27,
    "a key is missing or wrong, or a file must not be replaced",
    "name the file of your key with --file",
  ],
  published: [
    28,
    "what is published is not whole, or not signed with your key",
    "publish again, or take it back",
  ],
  interrupted: [130, "stopped with Ctrl-C", "run again"],
} as const;

export type Kind = keyof typeof TABLE;

export interface Outcome {
  code: number;
  meaning: string;
  remedy: string;
}

/** The table, in the order of the codes; success first. */
export const OUTCOMES: Outcome[] = [
  { code: 0, meaning: "all is well", remedy: "" },
  ...Object.values(TABLE).map(([code, meaning, remedy]) => ({ code, meaning, remedy })),
];

/** An expected failure. Its message is one sentence: what was seen, and what to do. */
export class Failure extends Error {
  readonly kind: Kind;
  readonly code: number;

  /** @param remedy what to do, if the caller has better advice than the table */
  constructor(kind: Kind, seen: string, remedy: string = TABLE[kind][2]) {
    super(`${seen}: ${remedy}.`);
    this.kind = kind;
    this.code = TABLE[kind][0];
  }
}

/**
 * The table for --help.
 * @param own meanings that a command has for codes of its own
 */
export function outcomesAsText(own: Record<number, string> = {}): string {
  return OUTCOMES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${own[code] ?? meaning}\n`).join(
    "",
  );
}
