// A WebSocket server on 127.0.0.1 that answers every packet of MQTT correctly, except where a test says otherwise.
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import mqttPacket, { type Packet } from "mqtt-packet";
import { WebSocketServer } from "ws";
import { type Answer, CLOSE, correctAnswer } from "../support/scripted.ts";

export interface Served {
  port: number;
  /** Connections so far. */
  connections: number;
  packets: Packet[];
}

/** Starts the server; it is closed when the test ends. */
export async function scriptedServer(t: TestContext, answer: Answer, version: 4 | 5 = 4): Promise<Served> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((done) => server.once("listening", done));
  const served: Served = { port: (server.address() as AddressInfo).port, connections: 0, packets: [] };
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  server.on("connection", (socket) => {
    const connection = ++served.connections;
    const parser = mqttPacket.parser({ protocolVersion: version });
    socket.on("message", (bytes: Buffer) => parser.parse(bytes));
    parser.on("packet", (packet) => {
      if (socket.readyState !== socket.OPEN) return;
      served.packets.push(packet);
      const bytes = answer(packet, connection) ?? correctAnswer(packet, version);
      if (bytes === CLOSE) socket.terminate();
      else if (bytes) socket.send(Buffer.from(bytes, "latin1"));
    });
  });
  return served;
}
