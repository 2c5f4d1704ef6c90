// An application with enhanced authentication, renewed credentials, a request and an end with a reason, from outside: on the
// virtual board and on a real engine.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import mqttPacket, { type Packet } from "mqtt-packet";
import { buildOwn } from "../../build/own.ts";
import { skipWhereImpossible } from "../../testing/index.ts";
import { scriptedServer } from "../brokers/scripted-server.ts";
import { BOARDS } from "./boards.ts";

const METHOD = "PLUS";

function bytes(packet: object): string {
  return mqttPacket.generate(packet as Packet, { protocolVersion: 5 }).toString("latin1");
}

function proof(text: string) {
  return { authenticationMethod: METHOD, authenticationData: Buffer.from(text) };
}

/** A server with the method PLUS that answers requests. */
function answer(packet: Packet): string | undefined {
  if (packet.cmd === "connect") return bytes({ cmd: "auth", reasonCode: 0x18, properties: proof("who") });
  if ((packet.cmd as string) === "auth")
    return bytes({
      cmd: "connack",
      reasonCode: 0,
      returnCode: 0,
      sessionPresent: false,
      properties: proof("ok"),
    });
  if (packet.cmd !== "publish") return undefined;
  const { responseTopic, correlationData } = packet.properties!;
  const response = { topic: responseTopic, payload: "42", qos: 0, properties: { correlationData } };
  return (
    bytes({ cmd: "puback", messageId: packet.messageId, reasonCode: 0 }) +
    bytes({ cmd: "publish", ...response })
  );
}

for (const [kind, boardOf, skip] of BOARDS)
  test(`application, ${kind}: AUTH, a renewed URL, a request, an end with a reason`, { skip }, (t) =>
    skipWhereImpossible(t, async () => {
      const { packets, port } = await scriptedServer(t, answer, 5);
      const folder = mkdtempSync(join(tmpdir(), "reach-"));
      t.after(() => rmSync(folder, { recursive: true }));
      const program = join(folder, "reach.js");
      const file = "test/testing/reach-app";
      const built = await buildOwn({ app: "reach", file, start: "reach", profile: "v5", transport: "lean" });
      writeFileSync(program, built.code, "latin1");
      const board = await boardOf({
        program,
        config: {
          wifi: { ssid: "home" },
          mqtt: { url: "ws://old:secret@127.0.0.1:1/", version: 5 },
          app: { message: `ws://joe:token@127.0.0.1:${port}/new` },
        },
      });
      t.after(() => board.off());
      await board.until("= next who");
      await board.until("= next ok");
      await board.until("= answer 0 42");
      await board.until(() => packets.some(({ cmd }) => cmd === "disconnect"));
      const connect = packets.find(({ cmd }) => cmd === "connect") as { username: string; password: Buffer };
      assert.deepEqual([connect.username, `${connect.password}`], ["joe", "token"]);
      const end = packets.at(-1) as { reasonCode: number; properties: { reasonString: string } };
      assert.deepEqual([end.reasonCode, end.properties.reasonString], [4, "done"]);
    }),
  );
