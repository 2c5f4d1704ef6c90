// The table of commands. Each is loaded when it is called: many need large libraries, some need optional ones.

import { outcomesAsText } from "./failures.ts";

/** Runs a command with the words behind its name; resolves to the exit code. Throws a Failure. */
export type Run = (args: string[]) => Promise<number>;

interface Command {
  says: string;
  load(): Promise<Run>;
}

export const COMMANDS: Record<string, Command> = {
  start: {
    says: "runs the firmware on a virtual board, with a broker",
    load: async () => (await import("./demo/start.ts")).start,
  },
  flash: {
    says: "puts the firmware and its configuration on a board",
    load: async () => (await import("./flash/flash.ts")).flash,
  },
  monitor: {
    says: "shows the log of a board",
    load: async () => (await import("./monitor/monitor.ts")).monitor,
  },
  image: {
    says: "makes an image of a board's Storage, without a board",
    load: async () => (await import("./flash/image-command.ts")).image,
  },
  decode: {
    says: "turns the bytes of a saved log into words",
    load: async () => (await import("./monitor/decode-command.ts")).decode,
  },
  config: {
    says: "config check: judges a configuration by the firmware's own rules",
    load: async () => (await import("./flash/config-command.ts")).config,
  },
  update: {
    says: "updates the firmware of boards through their broker",
    load: async () => (await import("./update/update.ts")).update,
  },
  key: {
    says: "makes keys: to sign messages, to sign updates",
    load: async () => (await import("./key/key.ts")).key,
  },
  new: {
    says: "makes a project of your own: a program or an application, with its test",
    load: async () => (await import("./new/new.ts")).newProject,
  },
  build: {
    says: "builds an application of your own",
    load: async () => (await import("./new/build.ts")).buildApplication,
  },
};

export const CLI_USAGE = `espruino-mqtt-ws COMMAND [options]

MQTT over WebSocket for the ESP32 under Espruino. Each command has a --help of its own.

${Object.entries(COMMANDS)
  .map(([name, { says }]) => `  ${name.padEnd(18)} ${says}\n`)
  .join("")}
  --help             this text
  --version          the version of this package

Exit codes:
${outcomesAsText()}`;
