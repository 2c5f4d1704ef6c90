// A device whose access point is to open, on the virtual board, and a phone that joins it. The board's time passes only while
// a test waits.
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { settled } from "../../board/virtual/tcp.ts";
import { type BoardOptions, VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank, toNextAlarm } from "../../testing/crank.ts";
import { QUICK } from "../virtual/boards.ts";

/** What a good form has, by the numbers of its fields. */
export const GOOD = { f0: "home", f1: "wifi-secret", f8: "lamp" };

/** Turns of the event loop for what goes from socket to socket in this process. */
const TURNS = 5;

async function pace(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((done) => setImmediate(done));
  await settled();
}

export interface SetupRig {
  board: VirtualBoard;
  /** Waits for a line of the console that matches, from number `from` on. */
  line(pattern: RegExp, from?: number): Promise<string>;
  /** Lets the board's time pass. */
  pass(ms: number): Promise<void>;
  /** Sends bytes to the page's port; returns all that comes until the board closes. */
  send(bytes: string): Promise<string>;
  /** Opens the page. */
  open(): Promise<string>;
  /** Sends the form with these fields, and the token of the page. */
  post(fields: Record<string, string>, token?: string): Promise<string>;
  until(condition: () => unknown, what: string): Promise<void>;
}

/** @param broker resolves when a broker has read what it was sent, where one is */
export function setupRig(
  t: TestContext,
  files: Record<string, object | string>,
  options: Partial<BoardOptions> = {},
  broker: () => Promise<void> = async () => {},
): SetupRig {
  const crank = new Crank(async () => {
    await pace();
    await broker();
  }, toNextAlarm);
  const texts = Object.entries(files).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const board = new VirtualBoard({
    code: programOf(`dist/device${process.env.PROFILE ?? ""}.js`),
    files: Object.fromEntries(texts),
    wifi: { ...QUICK, ssid: "home", password: "wifi-secret", others: [{ ssid: '<b>"&', rssi: -40 }] },
    clock: crank.clock,
    ...options,
  });
  t.after(() => board.off());
  const log = () => board.lines.join("\n");
  const until = (condition: () => unknown, what: string) => crank.until(condition, what, log, 3_600_000);
  const line = async (pattern: RegExp, from = 0) => {
    const find = () => board.lines.slice(from).find((text) => pattern.test(text));
    await until(find, `a line that matches ${pattern}`);
    return find()!;
  };
  const send = async (bytes: string) => {
    await until(() => board.ports.has("tcp 80"), "the board to listen");
    let text = "";
    let over = false;
    const socket = connect(board.ports.get("tcp 80")!, "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.on("data", (data) => {
      text += data.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      over = true;
    });
    await until(() => over, "the end of the connection");
    return text;
  };
  const open = () => send("GET / HTTP/1.1\r\nHost: 192.168.4.1\r\n\r\n");
  const post = async (fields: Record<string, string>, token?: string) => {
    const t = token ?? tokenIn(await open());
    const body = new URLSearchParams({ ...fields, t }).toString();
    return send(
      `POST / HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  };
  board.boot();
  return { board, line, pass: (ms) => crank.pass(ms), send, open, post, until };
}

export function tokenIn(page: string): string {
  return /name=t value=([0-9a-f]+)>/.exec(page)?.[1] ?? "";
}
