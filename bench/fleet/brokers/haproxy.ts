// HAProxy in front of the nodes of a cluster: each connection goes to the node that has the fewest.
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type Child, type Children, untilListens } from "./children.ts";
import { freePort } from "./ports.ts";

/** Columns of `show stat`: a server's name, its connections, its state (HAProxy's management guide, 9.1). */
const NAME = 1;
const CURRENT = 4;
const STATE = 17;
const LOOK_MS = 100;

export class Balancer {
  private child: Child | undefined;

  private constructor(
    private readonly children: Children,
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(children: Children, nodes: { name: string; port: number }[]): Promise<Balancer> {
    const port = await freePort();
    const folder = children.room("haproxy");
    const lines = [
      "global",
      "  maxconn 8000",
      `  stats socket ${folder}/stats level user`,
      "defaults",
      "  mode tcp",
      "  timeout connect 5s",
      "  timeout client 120s",
      "  timeout server 120s",
      "listen mqtt",
      `  bind 127.0.0.1:${port}`,
      "  balance leastconn",
      "  option redispatch",
      // A node that is away is noticed within two seconds; one that comes back gets its share at once.
      "  default-server check inter 1s fall 2 rise 2 on-marked-down shutdown-sessions",
      ...nodes.map(({ name, port }) => `  server ${name} 127.0.0.1:${port}`),
    ];
    writeFileSync(join(folder, "haproxy.cfg"), `${lines.join("\n")}\n`);
    const balancer = new Balancer(children, port, folder);
    await balancer.launch();
    return balancer;
  }

  async launch(): Promise<void> {
    this.child = this.children.launch("haproxy", "haproxy", ["-db", "-f", "haproxy.cfg"]);
    await untilListens(this.port, "haproxy", this.child);
  }

  /** Ends it with all its connections. */
  async end(): Promise<void> {
    if (this.child) await this.children.end(this.child);
  }

  /** Connections by node. */
  async load(): Promise<Record<string, number>> {
    const servers = await this.servers();
    return Object.fromEntries(servers.map((row) => [row[NAME]!, Number(row[CURRENT])]));
  }

  /** Resolves when it passes connections on to a node. */
  async untilUp(): Promise<void> {
    while (!(await this.servers()).some((row) => /^UP/.test(row[STATE]!)))
      await new Promise((done) => setTimeout(done, LOOK_MS));
  }

  private async servers(): Promise<string[][]> {
    const text = await ask(join(this.folder, "stats"), "show stat\n");
    const rows = text.split("\n").map((line) => line.split(","));
    return rows.filter((row) => row[0] === "mqtt" && !/^(FRONTEND|BACKEND)$/.test(row[NAME]!));
  }
}

function ask(path: string, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(path, () => socket.write(question));
    socket.on("data", (bytes) => (answer += bytes));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}
