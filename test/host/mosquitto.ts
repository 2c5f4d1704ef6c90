// A mosquitto of the test's own: MQTT over WebSocket on a free port of 127.0.0.1. Knows no expectation.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Why a test of this tool is skipped, or false; throws where CI is set, for there nothing may be skipped. */
export function missing(tool: string): string | false {
  const found = spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
  if (!found && process.env.CI) throw new Error(`${tool} is not installed`);
  return !found && `${tool} is not installed`;
}

/** Starts mosquitto on free ports until the test ends; returns its URL. */
export async function mosquitto(t: TestContext): Promise<string> {
  return `ws://127.0.0.1:${(await mosquittoPorts(t)).ws}/mqtt`;
}

/** The same; returns its ports of 127.0.0.1: plain TCP, and WebSocket. */
export async function mosquittoPorts(t: Pick<TestContext, "after">): Promise<{ tcp: number; ws: number }> {
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const [plain, websocket] = [await freePort(), await freePort()];
  const file = join(folder, "mosquitto.conf");
  writeFileSync(
    file,
    `listener ${plain} 127.0.0.1\nlistener ${websocket} 127.0.0.1\nprotocol websockets\nallow_anonymous true\n`,
  );
  const child = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
  t.after(async () => {
    const gone = new Promise((done) => child.on("close", done));
    child.kill();
    await gone;
    rmSync(folder, { recursive: true });
  });
  while (!(await listens(websocket))) await new Promise((done) => setTimeout(done, 10));
  return { tcp: plain, ws: websocket };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
