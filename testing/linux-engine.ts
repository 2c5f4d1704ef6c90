// A real Espruino engine, a Linux build, as a board: its own Storage in a scratch folder, its serial log as lines. On a pipe the engine ignores SIGTERM, prints console noise, and prints without end after its
// input.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAST_RESORT_MS } from "../board/virtual/waits.ts";
import { ASK, escaped, narrowed } from "./wide-strings.ts";

/** The engine's binary, and the folder with Espruino's modules, from which it gets `ws`. */
export interface EnginePlace {
  path: string;
  modules?: string | undefined;
}

/** A stub for the Wi-Fi that a Linux build lacks: joins at once. */
export const WIFI_STUB = `
exports.connect = function (ssid, options, callback) { setTimeout(function () { callback(null); }, 20); };
exports.disconnect = function () {};
exports.stopAP = function () {};
exports.setHostname = function () {};
exports.getStatus = function () { return { rssi: -50 }; };
`;

/** Bytes that are written to its Storage at a time. */
const PIECE = 1024;

/** A line without the console's control sequences and prompt. */
function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the console's sequences begin with one
  return line.replace(/\x1b\[[0-9;]*[A-Za-z]|[\r\0]/g, "").replace(/^>+/, "");
}

/** Whether an engine has wide strings, by its path. */
const wide = new Map<string, boolean>();

export class LinuxEngine {
  readonly lines: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "espruino-"));
  private child: ChildProcess | undefined;
  private waiting: (() => void)[] = [];

  /**
   * @param files its Storage as byte strings, besides the stock `ws` module and a `Wifi` stub
   * @param code names of those that are modules
   */
  constructor(
    private readonly place: EnginePlace,
    files: Record<string, string>,
    code: string[] = [],
  ) {
    const { modules } = place;
    const stock: Record<string, string> = modules
      ? { ws: readFileSync(join(modules, "ws.js"), "latin1") }
      : {};
    this.store({ ...stock, Wifi: WIFI_STUB, ...(this.isWide() ? narrowed(files, code) : files) });
    if (!existsSync(this.flashFile)) throw new Error(`${place.path} wrote no espruino.flash`);
  }

  private isWide(): boolean {
    const { path } = this.place;
    if (!wide.has(path)) wide.set(path, /^letters 1$/m.test(this.run(ASK)));
    return wide.get(path)!;
  }

  /** Writes files into its Storage, while the power is off. */
  store(all: Record<string, string>): void {
    // In pieces: the engine may have little memory.
    let script = 'var S=require("Storage"),F=require("fs");\n';
    for (const [i, [name, bytes]] of Object.entries(all).entries()) {
      for (let at = 0; at < bytes.length || at === 0; at += PIECE) {
        writeFileSync(join(this.folder, `f${i}-${at}`), bytes.slice(at, at + PIECE), "latin1");
        script += `S.write(${JSON.stringify(name)},F.readFileSync("f${i}-${at}"),${at},${bytes.length});\n`;
      }
    }
    this.run(`${script}quit();`);
  }

  /** Runs a script while the power is off; returns what it prints. */
  run(script: string): string {
    writeFileSync(join(this.folder, "setup.js"), script);
    const { stdout } = spawnSync(this.place.path, ["setup.js"], {
      cwd: this.folder,
      input: "",
      timeout: LAST_RESORT_MS,
      killSignal: "SIGKILL",
      encoding: "latin1",
    });
    return stdout;
  }

  /**
   * Power on. A script is evaluated from RAM after the program in Storage.
   * @param tool a command that runs the engine, valgrind for example
   */
  boot(script?: string, tool: string[] = []): this {
    const args = [...tool.slice(1), ...(tool.length ? [this.place.path] : [])];
    if (script !== undefined) {
      writeFileSync(join(this.folder, "script.js"), this.isWide() ? escaped(script) : script, "latin1");
      args.push("script.js");
    }
    // Its standard input stays open; otherwise the engine would print without end.
    const child = spawn(tool[0] ?? this.place.path, args, {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    // Each stream has its own beginning of a line: one may come in the middle of the other's.
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.on("data", (bytes: Buffer) => {
        const parts = (rest + bytes.toString("latin1")).split("\n");
        rest = parts.pop() ?? "";
        for (const line of parts) this.lines.push(plain(line));
        for (const wake of this.waiting.splice(0)) wake();
      });
    }
    this.child = child;
    return this;
  }

  /** Types a line on its console. */
  type(line: string): void {
    this.child?.stdin?.write(`${line}\n`);
  }

  /** The first line that matches; rejects with everything printed when it does not come in time. */
  async line(pattern: RegExp, timeoutMs = LAST_RESORT_MS): Promise<string> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`no line ${pattern} in ${timeoutMs} ms:\n${this.lines.join("\n")}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, left);
        this.waiting.push(resolve);
      });
      clearTimeout(timer);
    }
  }

  /** Waits until the engine has ended by itself: from a script it does so when no timer is left. */
  async ended(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  }

  /** Power off and on again; what is in Storage stays, unless another flash is given. */
  async restart(flash?: Buffer): Promise<this> {
    await this.kill();
    if (flash) writeFileSync(this.flashFile, flash);
    return this.boot();
  }

  /** Whether the power is on. */
  get on(): boolean {
    return this.child !== undefined;
  }

  /** Power off; what is in Storage stays. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Puts a file beside the engine, where its module `fs` finds it. */
  put(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, "latin1");
  }

  /** Its flash, as it is now. */
  get flash(): Buffer {
    return readFileSync(this.flashFile);
  }

  private get flashFile(): string {
    return join(this.folder, "espruino.flash");
  }

  /** Power off, and nothing is left of it. May be called twice. */
  async off(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
