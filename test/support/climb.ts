// A firmware on a board in memory, and steps that take it up the ladder rung by rung: Wi-Fi, TCP, WebSocket, MQTT.
import { type AppModule, boot } from "../../src/link/power-on";
import type { Profile } from "../../src/link/profile";
import type { Link } from "../../src/link/rungs";
import { full } from "../../src/profile/full";
import { hex, reply, serverFrame } from "../ws/server.ts";
import { FakeBoard } from "./fake-board.ts";

/** CONNACK, accepted, no session. */
export const CONNACK = hex("20 02 00 00");
/** Just below 1: the highest random number. */
export const ALMOST_1 = 1 - 2 ** -53;

export interface Subject {
  board: FakeBoard;
  link: Link;
}

export interface Config {
  wifi?: object;
  mqtt?: object;
  [key: string]: unknown;
}

/** Boots with a config.json that has an SSID and a URL by default; the board is then joining the Wi-Fi. */
export function booted(app: AppModule, config: Config = {}, profile: Profile = full): Subject {
  const board = new FakeBoard();
  board.files["config.json"] = JSON.stringify({
    ...config,
    wifi: { ssid: "home", ...config.wifi },
    mqtt: { url: "ws://joe:secret@broker:8080/mqtt?token=t", ...config.mqtt },
  });
  const link = boot(board, app, profile);
  if (!link) throw new Error(board.text);
  // From here on every wait is the shortest.
  board.luck = 0;
  return { board, link };
}

/** The steps of the ladder; each needs the one before it. */
export const steps: ((board: FakeBoard) => void)[] = [
  (board) => board.radio.joined(""),
  (board) => board.line.data(""),
  (board) => board.line.data(reply()),
  (board) => deliver(board, CONNACK),
];
/** Numbers of steps. */
export const JOINED = 1;
export const TCP = 2;
export const WS = 3;
export const MQTT = 4;

/** Takes the steps up to number `to`, by default from the first. */
export function climb(board: FakeBoard, to: number, from = 0): void {
  for (const step of steps.slice(from, to)) step(board);
}

/** The broker sends packets, in one frame. */
export function deliver(board: FakeBoard, packets: string): void {
  board.line.data(serverFrame(0x82, packets));
}

/** Seconds until `done`, at most `most`. */
export function secondsUntil(board: FakeBoard, done: () => boolean, most = 1000): number {
  for (let n = 0; n <= most; n++) {
    if (done()) return n;
    board.seconds(1);
  }
  throw new Error(`not after ${most} s`);
}

/** The packets sent since the last call, in hex, CLOSE and PONG as `close 03e8` and `pong`. */
export function packets(board: FakeBoard): string[] {
  const kinds: Record<number, string> = { 130: "", 136: "close ", 138: "pong " };
  return board
    .sent()
    .map(({ first, payload }) => kinds[first] + Buffer.from(payload, "latin1").toString("hex"));
}

/** An application that only records its events. */
export function noting(events: string[]): AppModule {
  return {
    name: "noting",
    ownKeys: () => ({ app: {} }),
    make: () => ({
      name: "noting",
      up: () => events.push("up"),
      received: (_link, topic, payload, flags) => events.push(`${payload} <- ${topic} ${flags}`),
      everySecond: () => events.push("second"),
    }),
  };
}
