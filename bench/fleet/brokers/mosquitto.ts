// mosquitto alone: one node, no balancer. It keeps its sessions over a restart.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Broker } from "./broker.ts";
import { type Child, type Children, untilListens } from "./children.ts";
import { freePort } from "./ports.ts";

export async function mosquitto(children: Children): Promise<Broker> {
  const [tcp, ws] = [await freePort(), await freePort()];
  const folder = children.room("mosquitto");
  const lines = [
    `listener ${tcp} 127.0.0.1`,
    `listener ${ws} 127.0.0.1`,
    "protocol websockets",
    "allow_anonymous true",
    // Started as root, it would otherwise change to a user that cannot write into its folder.
    "user root",
    // What waits for a consumer, or for a board that is away, is not dropped.
    "max_queued_messages 0",
    "max_inflight_messages 1000",
    "persistence true",
    `persistence_location ${folder}/`,
    "log_type error",
  ];
  writeFileSync(join(folder, "mosquitto.conf"), `${lines.join("\n")}\n`);
  let child: Child;
  const node = {
    name: "mosquitto",
    async start() {
      child = children.launch("mosquitto", "mosquitto", ["-c", "mosquitto.conf"]);
      await untilListens(ws, "mosquitto", child);
    },
    stop: () => children.end(child),
    kill: () => children.end(child, true),
  };
  await node.start();
  const url = `ws://127.0.0.1:${ws}/mqtt`;
  return {
    ...{ name: "mosquitto", version: 4 as const, shared: true, qos2: true, nodes: [node], port: ws, url },
    deskUrl: `mqtt://127.0.0.1:${tcp}`,
  };
}
