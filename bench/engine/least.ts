// The least that a message can cost on this engine, whatever a library does around it: one concatenation, the mask with a
// random key, one write; and one cut for what comes. It checks nothing, and has the sizes of the bench built in.

import { SIZES, SPEED_JOBS, type SpeedJob } from "../jobs.ts";
import type { Ports, Stack } from "./stack.ts";

export const LEAST = "least possible";
const TOPIC = "b/out";

/** Jobs that it can do: publishing at QoS 0, and receiving what comes in one chunk. */
export const LEAST_JOBS: SpeedJob[] = SPEED_JOBS.filter(
  ({ way, qos, atOnce, size }) =>
    !qos && !atOnce && (way === "publish" ? SIZES.includes(size) : size === SIZES[0]),
);

/** A head of a PUBLISH in one frame: header of the frame, zeros where its key will be, fixed header, topic. */
function headOf(size: number): { text: string; start: number; words: number } {
  const rest = 2 + TOPIC.length + size;
  const fixed = rest < 128 ? [0x30, rest] : [0x30, (rest & 127) | 128, rest >> 7];
  const length = fixed.length + rest;
  const frame = length < 126 ? [0x82, 0x80 | length] : [0x82, 0xfe, length >> 8, length & 255];
  const bytes = [...frame, 0, 0, 0, 0, ...fixed, 0, TOPIC.length];
  const text = JSON.stringify(String.fromCharCode(...bytes) + TOPIC).replace(
    /[\x7f-\xff]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16)}`,
  );
  return { text, start: frame.length, words: (length + 7) >> 2 };
}

/** Every index is written out, because that is the fastest (engine 24). */
function publisher(size: number): string {
  const { text, start, words } = headOf(size);
  let mask = "";
  for (let i = 0; i < words; i++) mask += `w[${i}]^=k;`;
  // A payload in pieces has no memory of its own that a view could show.
  const joined = size < 64 ? `${text}+p` : `E.toString(${text},p)`;
  return `function publish${size}(t,p){var b=${joined},w=new Int32Array(E.toArrayBuffer(b),${start},${words}),k=Math.random()*4294967296|0;${mask}socket.write(b);}`;
}

/** Connects and subscribes by constant frames with a zero key. */
const CONNECT = `
var socket, step = 0;
function publish(topic, payload) { (payload.length < 100 ? publish20 : payload.length < 500 ? publish200 : publish1000)(topic, payload); }
function opened() {
  socket.write("GET /mqtt HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Protocol: mqtt\\r\\n\\r\\n");
}
function begin() {
  step++;
  if (step === 1) socket.write("\\x82\\x93\\0\\0\\0\\0\\x10\\x11\\0\\x04MQTT\\x04\\x02\\0\\x2d\\0\\x05bench");
  if (step === 2) socket.write("\\x82\\x8b\\0\\0\\0\\0\\x82\\x09\\0\\x01\\0\\x04b/in\\0");
  if (step < 3) return;
  socket.removeAllListeners("data");
  socket.on("data", taken);
  up(publish);
}
function taken(bytes) { got(bytes.substr(10)); }
`;

export async function least(ports: Ports): Promise<Stack> {
  return {
    name: LEAST,
    modules: {},
    files: {},
    program: `${SIZES.map(publisher).join("\n")}${CONNECT}
socket = require("net").connect({ host: "127.0.0.1", port: ${ports.ws} }, opened);
socket.on("data", begin);`,
    longest: 1000,
    maxQos: 0,
    many: false,
  };
}
