// The application of the tutorial, up and subscribing, and the packets that a broker sends it.
import { hello } from "../../src/app/hello";
import type { Profile } from "../../src/link/profile";
import { booted, type Config, climb, MQTT } from "../support/climb.ts";
import type { FakeBoard } from "../support/fake-board.ts";
import { hex } from "../ws/server.ts";

export const TOPIC = "0007 6d672f74657374"; // mg/test
export const MESSAGE = "68656c6c6f"; // hello

/** The app, its SUBSCRIBE sent and forgotten. */
export function up(config: Config = {}, profile?: Profile) {
  const subject = booted(hello, config, profile);
  climb(subject.board, MQTT);
  subject.board.sent();
  return subject;
}

/** The app's own lines and the link's, without level. */
export function said(board: FakeBoard): string[] {
  return board.log.filter((line) => /^\d (hello|link) /.test(line)).map((line) => line.slice(2));
}

export const HELLO_0 = hex(`30 0e ${TOPIC} ${MESSAGE}`);
export const HELLO_1 = hex(`32 10 ${TOPIC} 0009 ${MESSAGE}`);
export const HELLO_2 = hex(`34 10 ${TOPIC} 0009 ${MESSAGE}`);
