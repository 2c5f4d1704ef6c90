// ejabberd: three nodes with MQTT 5 over WebSocket, HAProxy in front. Debian's 23.01 has no shared subscriptions. Erlang
// starts it directly, because Debian's ejabberdctl insists on the user and configuration of the installed one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ejabberdModules } from "../../../test/brokers/ejabberd.ts";
import type { Broker } from "./broker.ts";
import { type Child, type Children, untilListens } from "./children.ts";
import { COOKIE, erlang, HERE_ONLY } from "./erlang.ts";
import { Balancer } from "./haproxy.ts";
import { freePort } from "./ports.ts";

const NODES = 3;

export async function ejabberd(children: Children): Promise<Broker> {
  const ebin = ejabberdModules()!;
  const env = { ...(await erlang(children)), ERL_LIBS: join(ebin, "../..") };
  const nodes = [];
  const ports = [];
  for (let i = 1; i <= NODES; i++) {
    const own = { ws: await freePort(), tcp: await freePort() };
    const node = nodeOf(children, env, ebin, `e${i}`, own);
    await node.start();
    if (i > 1) await joinCluster(children, env, `e${i}`, "e1");
    await untilListens(own.ws, node.name, node.child());
    nodes.push(node);
    ports.push({ name: `e${i}`, port: own.ws, tcp: own.tcp });
  }
  const balancer = await Balancer.start(children, ports);
  return {
    ...{ name: "ejabberd", version: 5 as const, shared: false, qos2: true, nodes, balancer },
    port: balancer.port,
    url: `ws://fleet:fleet@127.0.0.1:${balancer.port}/mqtt`,
    deskUrl: `mqtt://desk:desk@127.0.0.1:${ports[0]!.tcp}`,
  };
}

/** Tells a running node to become one of another's cluster. It restarts its own applications for that. */
async function joinCluster(
  children: Children,
  env: Record<string, string>,
  name: string,
  to: string,
): Promise<void> {
  const call = `rpc:call('${name}@127.0.0.1', ejabberd_cluster, join, ['${to}@127.0.0.1'], 120000)`;
  const code = `case ${call} of ok -> halt(0); Other -> io:format("~p~n", [Other]), halt(1) end.`;
  const args = ["-noinput", "-name", `join-${name}@127.0.0.1`, "-setcookie", COOKIE, "-eval", code];
  await children.run(`join-${name}`, "erl", args, env);
}

function nodeOf(
  children: Children,
  env: Record<string, string>,
  ebin: string,
  name: string,
  { ws, tcp }: { ws: number; tcp: number },
) {
  const folder = children.room(name);
  const everybody = '      "#":\n        - allow: all';
  const lines = [
    "loglevel: 2",
    "auth_method: [anonymous]",
    "anonymous_protocol: login_anon",
    "hosts: [localhost]",
    "listen:",
    `  - {port: ${ws}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/mqtt: mod_mqtt}}`,
    `  - {port: ${tcp}, ip: "127.0.0.1", module: mod_mqtt, backlog: 1000}`,
    `modules:\n  mod_mqtt:\n    max_queue: unlimited\n    session_expiry: 1 hour\n    access_publish:\n${everybody}\n    access_subscribe:\n${everybody}`,
  ];
  writeFileSync(join(folder, "ejabberd.yml"), `${lines.join("\n")}\n`);
  let child: Child;
  return {
    name,
    child: () => child,
    async start() {
      const mnesia = ["-mnesia", "dir", `"${folder}/spool"`];
      const args = [
        "-noinput",
        "-name",
        `${name}@127.0.0.1`,
        "-setcookie",
        COOKIE,
        ...HERE_ONLY,
        "-pa",
        ebin,
      ];
      child = children.launch(name, "erl", [...args, ...mnesia, "-s", "ejabberd"], {
        ...env,
        EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
        EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
      });
      await untilListens(ws, name, child);
    },
    stop: () => children.end(child),
    kill: () => children.end(child, true),
  };
}
