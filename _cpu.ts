import { cost, started } from "./bench/engine/measure.ts";
import { ours } from "./bench/engine/stacks.ts";
import { mosquittoPorts } from "./test/host/mosquitto.ts";
const after: any[] = [];
const ports = await mosquittoPorts({ after: (f: any) => after.push(f) } as any);
for (const p of ["full", "v5"] as const) {
  const s = await ours(p, true, ports);
  const idle = await cost(s, ports, "publish", 0);
  for (const n of [20, 200]) console.log(p, n, "publish", (await cost(s, ports, "publish", n)) - idle, "receive", await cost(s, ports, "receive", n));
}
for (const f of after) await f();
process.exit(0);
