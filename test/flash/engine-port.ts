// A real Espruino engine behind a port: restarted whenever it ends, as a chip is, with a Storage of its own. The
// engine's standard input must stay open, and only SIGKILL ends the engine.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { ESPRUINO, WIFI_STUB } from "../engine/engine.ts";
import { scratch } from "./command.ts";
import { Pty } from "./pty.ts";

/**
 * Pause before each input, so that the engine is asleep again. Its thread for input shares a queue with its main
 * thread, without a lock: input that comes while both are awake is sometimes garbled. A chip has no such thread.
 */
const SETTLE_MS = 25;

export class EnginePort {
  /** Number of boots so far. */
  boots = 0;
  /** What it has printed. */
  out = "";
  private child: ChildProcess | undefined;
  private nextFlash: Buffer | undefined;
  private over = false;

  private constructor(
    readonly pty: Pty,
    readonly folder: string,
  ) {}

  get path(): string {
    return this.pty.path;
  }

  /** A blank board that has Wi-Fi, or one with the given image of a Storage. */
  static async start(t: TestContext, image?: string): Promise<EnginePort> {
    const folder = scratch(t);
    const engine = new EnginePort(await Pty.start(t), folder);
    if (image === undefined) engine.write("Wifi", WIFI_STUB);
    else copyFileSync(image, join(folder, "espruino.flash"));
    engine.pty.onBytes = (bytes) => setTimeout(() => engine.child?.stdin?.write(bytes), SETTLE_MS);
    t.after(() => engine.off());
    engine.boot();
    return engine;
  }

  /** Puts a file into its Storage while it is off. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, "file"), text, "latin1");
    const script = join(this.folder, "setup.js");
    writeFileSync(
      script,
      `require("Storage").write(${JSON.stringify(name)},require("fs").readFileSync("file"));quit();`,
    );
    spawnSync(ESPRUINO, ["setup.js"], {
      cwd: this.folder,
      input: "",
      timeout: LAST_RESORT_MS,
      killSignal: "SIGKILL",
    });
  }

  /** Puts a file beside the engine, where its module `fs` finds it. */
  put(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, "latin1");
  }

  /** Its flash, as it is now. */
  get flash(): Buffer {
    return readFileSync(join(this.folder, "espruino.flash"));
  }

  /** Cuts its power; it starts again at once, with another flash if one is given. What it printed before is forgotten. */
  async cut(flash?: Buffer): Promise<void> {
    const child = this.child;
    this.nextFlash = flash;
    const gone = new Promise((done) => child?.once("exit", done));
    child?.kill("SIGKILL");
    await gone;
    this.out = "";
  }

  private boot(): void {
    if (this.over) return;
    this.boots++;
    if (this.nextFlash) writeFileSync(join(this.folder, "espruino.flash"), this.nextFlash);
    this.nextFlash = undefined;
    const child = spawn(ESPRUINO, [], { cwd: this.folder, stdio: ["pipe", "pipe", "ignore"] });
    child.stdin.on("error", () => {});
    child.stdout.on("data", (bytes: Buffer) => {
      this.out += bytes.toString("latin1");
      this.pty.write(bytes);
    });
    child.on("exit", () => this.boot());
    this.child = child;
  }

  private async off(): Promise<void> {
    this.over = true;
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
  }
}
