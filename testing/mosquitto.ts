// A mosquitto of the test's own: MQTT over WebSocket, and over TCP, on free ports of 127.0.0.1. It ends with the process.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Time between two attempts to connect to a broker that starts, in ms. */
const TRY_MS = 10;
/** Time after which a signal is sent again, in ms. */
const AGAIN_MS = 500;

/** Whether a program is installed. */
export function installed(tool: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
}

export interface MosquittoOptions {
  /** Keep sessions, queued and retained messages over {@link Mosquitto.restart}. */
  persistence?: boolean;
  /** Further lines of its configuration. */
  lines?: string[];
}

/** A mosquitto that can be restarted on the same ports. Its queue has no limit, so that it drops no message. */
export class Mosquitto {
  private child: ChildProcess | undefined;

  private constructor(
    /** Ports of 127.0.0.1: plain TCP, and WebSocket. */
    readonly ports: { tcp: number; ws: number },
    private readonly folder: string,
  ) {}

  static async start({ persistence = false, lines: more = [] }: MosquittoOptions = {}): Promise<Mosquitto> {
    const ports = { tcp: await freePort(), ws: await freePort() };
    const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
    const lines = [
      `listener ${ports.tcp} 127.0.0.1`,
      `listener ${ports.ws} 127.0.0.1`,
      "protocol websockets",
      "allow_anonymous true",
      // Started as root, it would otherwise change to a user that cannot write into its folder.
      "user root",
      "max_queued_messages 0",
      ...(more.some((line) => line.startsWith("max_inflight")) ? [] : ["max_inflight_messages 100"]),
      ...more,
      `persistence ${persistence}`,
      `persistence_location ${folder}/`,
    ];
    writeFileSync(join(folder, "mosquitto.conf"), `${lines.join("\n")}\n`);
    const broker = new Mosquitto(ports, folder);
    await broker.launch();
    return broker;
  }

  /** Ends it in order, so that it saves its persistent state, and starts it again. */
  async restart(): Promise<void> {
    await this.end();
    await this.launch();
  }

  /** Whether it runs. */
  get on(): boolean {
    return this.child !== undefined;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts it again after {@link end}. */
  async launch(): Promise<void> {
    const child = spawn("mosquitto", ["-c", join(this.folder, "mosquitto.conf")], { stdio: "ignore" });
    this.child = child;
    child.unref();
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    await untilListens(this.ports.ws, "mosquitto", child);
  }

  /** Ends it in order; its files stay. */
  async end(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    child.ref();
    const gone = new Promise((done) => child.on("close", done));
    child.kill();
    // A mosquitto that has just begun to listen misses the signal.
    const again = setInterval(() => child.kill(), AGAIN_MS);
    await gone;
    clearInterval(again);
  }
}

/** Waits until a broker that was started accepts connections. */
export async function untilListens(port: number, name: string, child: ChildProcess): Promise<void> {
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, TRY_MS));
  }
}

/** Whether something accepts connections at a port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
