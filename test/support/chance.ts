// The random values of a board as its server sees them: the key of the handshake, the masking key of its first frame,
// and the client identifier.
import type { TestContext } from "node:test";
import { type Program, programOf } from "../../board/virtual/program.ts";
import { serverOf } from "../virtual/boards.ts";
import { upgrade } from "./upgrade.ts";

export interface Drawn {
  key: string;
  mask: string;
  clientId: string;
}

/** The traits in which boards differ. */
export interface Traits {
  serial: string;
  register: number;
  rssi: number;
  time: number;
}

export const SAME: Traits = { serial: "0102-0304", register: 12345, rssi: -50, time: 1.5 };

/** A server that reads each board's first frame and hangs up; `next` resolves with the next board's values. */
export async function witness(t: TestContext): Promise<{ port: number; next(): Promise<Drawn> }> {
  const seen: Drawn[] = [];
  let arrived = () => {};
  const port = await serverOf(t, (socket) => {
    let bytes = "";
    socket.on("data", (more) => {
      bytes += Buffer.from(more).toString("latin1");
      const [request, frame] = bytes.split("\r\n\r\n", 2) as [string, string | undefined];
      const key = /Sec-WebSocket-Key: (\S*)/.exec(request)?.[1];
      if (key === undefined || frame === undefined) return;
      if (frame === "") return void socket.write(upgrade(request));
      if (frame.length < 2 || frame.length < 6 + (frame.charCodeAt(1) & 127)) return;
      const mask = Buffer.from(frame.slice(2, 6), "latin1");
      const payload = Buffer.from(
        Buffer.from(frame.slice(6), "latin1").map((byte, i) => byte ^ mask[i % 4]!),
      );
      const clientId = payload.toString("latin1", 14);
      seen.push({ key, mask: mask.toString("hex"), clientId });
      socket.end();
      arrived();
    });
  });
  return {
    port,
    async next() {
      if (!seen.length) await new Promise<void>((done) => (arrived = done));
      return seen.shift()!;
    },
  };
}

/** A bundle for a board with these traits; its clock stands still. */
export function program(bundle: string, { serial, register, time }: Traits, before = ""): Program {
  const traits = `var getTime = function () { return ${time}; };
var getSerial = function () { return "${serial}"; };
var peek32 = function () { return ${register}; };
`;
  return programOf(`dist/${bundle}.js`, before + traits);
}

/** Traits that differ from {@link SAME} in one. */
export const OTHERS: Partial<Traits>[] = [
  { serial: "0102-0305" },
  { register: 12346 },
  { rssi: -51 },
  { time: 1.501 },
];
