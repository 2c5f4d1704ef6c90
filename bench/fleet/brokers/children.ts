// Processes of other programs: each in a group of its own, in the run's folder, and ended at the end of ours, whatever ends it.
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listens } from "../../../testing/mosquitto.ts";

/** Time between two looks at a port, and the longest wait for it, in ms. */
const TRY_MS = 20;
const LIMIT_MS = 180_000;
/** How long a process has to end in order, in ms. */
const GRACE_MS = 60_000;

/** Bytes of a program's last output that an error shows. */
const SHOWN = 2000;

/** A program that runs, with the end of its output. */
export type Child = ChildProcess & { said: string };

/** The processes of one run, and its folder. */
export class Children {
  readonly folder = mkdtempSync(join(tmpdir(), "fleet-"));
  private readonly running = new Set<ChildProcess>();
  private readonly atExit = () => this.killAll();

  constructor() {
    process.once("exit", this.atExit);
  }

  /** A folder of a program's own. */
  room(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts a program; its output goes to `<name>.out` in the run's folder. */
  launch(name: string, command: string, args: string[], env: Record<string, string> = {}): Child {
    const spawned = spawn(command, args, {
      cwd: this.room(name),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...env },
    });
    const child = Object.assign(spawned, { said: "" });
    const output = createWriteStream(join(this.folder, `${name}.out`), { flags: "a" });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.pipe(output, { end: false });
      stream.on("data", (bytes) => {
        child.said = (child.said + bytes).slice(-SHOWN);
      });
    }
    child.on("error", (error) => output.write(`${error}\n`));
    this.running.add(child);
    child.once("close", () => {
      this.running.delete(child);
      output.end();
    });
    return child;
  }

  /** Runs a program to its end; rejects when it fails. */
  async run(name: string, command: string, args: string[], env: Record<string, string> = {}): Promise<void> {
    const child = this.launch(name, command, args, env);
    const code = await new Promise((done) => child.once("close", done));
    if (code !== 0) throw new Error(`${name} ended with ${code}, see ${this.folder}/${name}.out`);
  }

  /** Ends a program: in order, or with SIGKILL; resolves when it is gone. */
  async end(child: ChildProcess, now = false): Promise<void> {
    if (!this.running.has(child)) return;
    const gone = new Promise((done) => child.once("close", done));
    signal(child, now ? "SIGKILL" : "SIGTERM");
    const late = setTimeout(() => signal(child, "SIGKILL"), GRACE_MS);
    await gone;
    clearTimeout(late);
  }

  /** Ends all that still runs, and removes the folder. */
  async stop(): Promise<void> {
    await Promise.all([...this.running].map((child) => this.end(child, true)));
    process.off("exit", this.atExit);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private killAll(): void {
    for (const child of this.running) signal(child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function signal(child: ChildProcess, name: "SIGKILL" | "SIGTERM"): void {
  try {
    process.kill(-child.pid!, name);
  } catch {
    // It is gone already.
  }
}

/** Waits until something listens on a port of 127.0.0.1. Rejects when the program that should do it ends. */
export async function untilListens(port: number, name: string, child: Child): Promise<void> {
  const look = existsSync(TABLES[0]!) ? listed : listens;
  for (let waited = 0; !(await look(port)); waited += TRY_MS) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} has ended:\n${child.said}`);
    if (waited > LIMIT_MS) throw new Error(`${name} does not listen after ${LIMIT_MS / 1000} s`);
    await new Promise((done) => setTimeout(done, TRY_MS));
  }
}

/**
 * Linux's tables of TCP, which begin with the listeners: ten thousand boards may be in line before an attempt of ours. mosquitto's
 * listener for WebSocket is in the second one, whatever address its configuration names.
 */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
/** Bytes of them that are read: some hundred listeners. */
const LISTENERS = 1 << 16;

async function listed(port: number): Promise<boolean> {
  const listener = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} 0+:0000 0A`);
  const texts = await Promise.all(TABLES.filter((table) => existsSync(table)).map(beginningOf));
  return texts.some((text) => listener.test(text));
}

/** The kernel gives the table away in pages. */
async function beginningOf(table: string): Promise<string> {
  const file = await open(table);
  try {
    const bytes = Buffer.alloc(LISTENERS);
    let length = 0;
    for (let more = -1; more !== 0 && length < LISTENERS; length += more)
      more = (await file.read(bytes, length, LISTENERS - length)).bytesRead;
    return bytes.toString("latin1", 0, length);
  } finally {
    await file.close();
  }
}
