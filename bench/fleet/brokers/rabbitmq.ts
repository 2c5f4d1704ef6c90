// RabbitMQ with web MQTT: three nodes, HAProxy in front. Version 3.10 of Debian speaks MQTT 3.1.1, makes QoS 1 of QoS 2, and
// has no shared subscriptions.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Broker } from "./broker.ts";
import { type Child, type Children, untilListens } from "./children.ts";
import { erlang, HERE_ONLY } from "./erlang.ts";
import { Balancer } from "./haproxy.ts";
import { freePort } from "./ports.ts";

const PLACE = "/usr/lib/rabbitmq/lib";
const NODES = 3;

/** Debian's own start script wants the user `rabbitmq`; the one of the package does not. */
export function rabbitScript(): string | undefined {
  const folders = existsSync(PLACE)
    ? readdirSync(PLACE).filter((name) => /^rabbitmq_server-/.test(name))
    : [];
  return folders[0] && join(PLACE, folders[0], "sbin", "rabbitmq-server");
}

export async function rabbitmq(children: Children): Promise<Broker> {
  const env = await erlang(children);
  const names = Array.from({ length: NODES }, (_, i) => `r${i + 1}`);
  const ports = await Promise.all(names.map(async () => ({ ws: await freePort(), tcp: await freePort() })));
  const nodes = [];
  for (const [i, name] of names.entries()) {
    const node = nodeOf(children, env, names, name, ports[i]!, {
      amqp: await freePort(),
      dist: await freePort(),
    });
    // One after the other: each finds the cluster that the first one has made.
    await node.start();
    nodes.push(node);
  }
  const balancer = await Balancer.start(
    children,
    names.map((name, i) => ({ name, port: ports[i]!.ws })),
  );
  return {
    ...{ name: "rabbitmq", version: 4 as const, shared: false, qos2: false, nodes, balancer },
    port: balancer.port,
    url: `ws://guest:guest@127.0.0.1:${balancer.port}/ws`,
    deskUrl: `mqtt://guest:guest@127.0.0.1:${ports[0]!.tcp}`,
  };
}

function nodeOf(
  children: Children,
  env: Record<string, string>,
  names: string[],
  name: string,
  { ws, tcp }: { ws: number; tcp: number },
  { amqp, dist }: { amqp: number; dist: number },
) {
  const folder = children.room(name);
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    `mqtt.listeners.tcp.1 = 127.0.0.1:${tcp}`,
    "web_mqtt.tcp.ip = 127.0.0.1",
    `web_mqtt.tcp.port = ${ws}`,
    "cluster_formation.peer_discovery_backend = classic_config",
    ...names.map((each, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${each}@127.0.0.1`),
    "log.console = true",
    "log.console.level = error",
  ];
  writeFileSync(join(folder, "rabbitmq.conf"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "plugins"), "[rabbitmq_web_mqtt].\n");
  let child: Child;
  return {
    name,
    async start() {
      child = children.launch(name, rabbitScript()!, [], {
        ...env,
        // The script then becomes the node itself, and a signal reaches it.
        RUNNING_UNDER_SYSTEMD: "true",
        RABBITMQ_NODENAME: `${name}@127.0.0.1`,
        RABBITMQ_USE_LONGNAME: "true",
        RABBITMQ_DIST_PORT: `${dist}`,
        RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
        RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
        RABBITMQ_LOG_BASE: join(folder, "log"),
        RABBITMQ_CONF_ENV_FILE: join(folder, "no-such-file"),
        RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "no-such-file"),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: HERE_ONLY.join(" "),
      });
      await untilListens(ws, name, child);
    },
    stop: () => children.end(child),
    kill: () => children.end(child, true),
  };
}
