// One upload: from an open port to a board that restarts with the new firmware. After a failure the old firmware is
// still in place, if the engine allows it, and runs again.

import { Failure } from "../failures.ts";
import { BOOT_MS, COMPACT_MS, FLASH_MS, WATCHDOG_S } from "../limits.ts";
import { type Espruino, type Name, REBOOT } from "../serial/espruino.ts";
import type { Line } from "../serial/line.ts";
import { type Facts, inspect, judge, judgeName, type Needs } from "./inspect.ts";
import type { File } from "./storage-files.ts";
import { upload } from "./upload.ts";

export interface Job {
  files: File[];
  needs: Needs;
  /** Espruino was just written: its first boot takes long. */
  fresh: boolean;
  noBle: boolean;
  /** Erase all of Storage first. */
  erase: boolean;
}

type Say = (text: string) => void;

/** Does the job and restarts the board. Returns a list that grows with each line that the board prints from then on. */
export async function uploadTo(espruino: Espruino, line: Line, job: Job, say: Say): Promise<string[]> {
  const name = await contact(espruino, line, job.fresh, say);
  const warning = judgeName(name);
  if (warning) say(`warning: ${warning}`);
  const facts = await inspect(espruino, name);
  say(
    `found ${facts.board}, Espruino ${facts.version}, ${facts.jsvars} JsVars, ${facts.storage.totalBytes} bytes of Storage`,
  );
  await judge(espruino, facts, job.needs, job.noBle);
  if (job.noBle) await bluetoothOff(espruino, facts, say);
  // After any failure from here on, restart the board, so that it runs a program.
  try {
    await stop(espruino, say);
    if (job.erase) await eraseAll(espruino, say);
    const ways = [
      job.erase ? "" : "free it with --erase",
      job.needs.smaller || "use a board with more flash",
    ];
    await upload(espruino, job.files, ways.filter(Boolean).join(", or "), say);
  } catch (error) {
    espruino.recover();
    await espruino.evaluate(REBOOT).catch(() => {});
    throw error;
  }
  say("restarting the board");
  const log: string[] = [];
  espruino.onLine = (text) => log.push(text);
  await espruino.evaluate(REBOOT);
  return log;
}

/** Makes contact. If the board does not answer, resets it and tries again while it boots. */
async function contact(espruino: Espruino, line: Line, fresh: boolean, say: Say): Promise<Name> {
  try {
    return await espruino.contact(fresh ? BOOT_MS : undefined);
  } catch (error) {
    const mute = error instanceof Failure && (error.kind === "silent" || error.kind === "board");
    if (!mute || fresh || !(await line.reset())) throw error;
    say("no answer; the board was reset, trying again");
    return espruino.contact(BOOT_MS);
  }
}

/**
 * A watchdog outlives the program that feeds it, so the engine's idle loop has to feed it during an upload. A board
 * whose program has not armed one does not get one.
 */
const FEED_WATCHDOG =
  `(function(S){[".bootcde"].concat(S.list(/^parts\\./)).forEach(function(n){var c=S.read(n);` +
  // The engine's indexOf also finds the start of the word at the very end of the text.
  `if(c&&c.substr(c.indexOf("enableWatchdog"),14)==="enableWatchdog")E.enableWatchdog(${WATCHDOG_S},true)})})(require("Storage"))`;

/** Ends the running program, because it uses memory and logs. The saved program does not start again. */
async function stop(espruino: Espruino, say: Say): Promise<void> {
  say("stopping the program that runs");
  await espruino.evaluate(FEED_WATCHDOG, FLASH_MS);
  await espruino.evaluate("reset()");
  await espruino.contact();
}

async function bluetoothOff(espruino: Espruino, facts: Facts, say: Say): Promise<void> {
  if (!facts.bluetooth) return say("Bluetooth is off already");
  say("turning Bluetooth off; this erases the saved program and restarts the board");
  await espruino.evaluate("setTimeout(function(){ESP32.enableBLE(false)},100)");
  await espruino.contact(BOOT_MS);
}

async function eraseAll(espruino: Espruino, say: Say): Promise<void> {
  say("erasing all files in Storage");
  await espruino.evaluate("require('Storage').eraseAll()", COMPACT_MS);
}
