// All targets, and one run over them: the corpus as it is, then numbered cases.
import { config } from "./config.ts";
import { envelopes } from "./envelopes.ts";
import { whole } from "./firmware.ts";
import { frameReader, webSocket } from "./frames.ts";
import type { Target } from "./fuzzer.ts";
import { packets, packetsTiny, packetsV5 } from "./packets.ts";
import { tls } from "./tls.ts";

export const TARGETS: Target[] = [
  frameReader,
  webSocket,
  packets,
  packetsTiny,
  packetsV5,
  config,
  envelopes,
  tls,
  whole,
];
