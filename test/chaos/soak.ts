// `npm run soak`: the chaos run for any time, with its figures every minute. `npm run chaos`: as long as in the long
// tests. Exit code 0 when no message was lost, doubled or out of order.
import { parseArgs } from "node:util";
import type { Build } from "../support/app-bundle.ts";
import { figures } from "./figures.ts";
import { ChaosRun } from "./run.ts";

const USAGE = `npm run soak -- [options]

Messages through a storm of faults, both ways, at QoS 1 and 2: the built firmware on a virtual board, mosquitto behind it.

  --messages N    messages in all; default 100000
  --hours N       the storm ends after so long, what is left is sent in peace; default 1
  --faults N      the storm ends after about so many faults, default: as many as the time holds
  --speed N       the board's clock runs at most N times as fast, default 250
  --seed N        repeats a storm; default CHAOS_SEED, or a new one
  --profile NAME  full (MQTT 3.1.1, default) or v5 (MQTT 5)
  --transport T   ws (the stock module, default) or lean (the firmware's own handshake)
`;

/** Each number is sent at two levels of QoS and in two directions. */
const SHARES = 4;
/** Average number of faults in a connection. */
const FAULTS = 1.8;
const MINUTE_MS = 60_000;
/** The rest must be through within this time after the storm, in s. */
const CALM_S = 1800;

/** The value that an option names; by default the first. */
function choice<T>(name: string, value: string | undefined, all: Record<string, T>): T {
  const found = value === undefined ? Object.values(all)[0] : all[value];
  if (found === undefined)
    throw new Error(`--${name}: expected ${Object.keys(all).join(" or ")}, got "${value}".`);
  return found;
}

function options() {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      ...{
        messages: text,
        hours: text,
        faults: text,
        speed: text,
        seed: text,
        profile: text,
        transport: text,
      },
      help: { type: "boolean", default: false },
    },
  });
  const number = (name: "messages" | "hours" | "faults" | "speed" | "seed", otherwise: number) => {
    const n = Number(values[name] ?? otherwise);
    if (!(n >= 0)) throw new Error(`--${name}: expected a number, got "${values[name]}".`);
    return n;
  };
  const build: Build = {
    profile: choice("profile", values.profile, { full: "full", v5: "v5" }),
    transport: choice("transport", values.transport, { ws: "stock", lean: "lean" }),
  };
  const each = Math.ceil(number("messages", 100_000) / SHARES);
  return {
    help: values.help,
    hours: number("hours", 1),
    chaos: {
      ...build,
      seed: number("seed", Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 31)),
      ...{ up: each, down: each, persistence: true },
      connections: Math.ceil(number("faults", 1e9) / FAULTS),
      speed: number("speed", 250),
      limitS: (number("hours", 1) * 3600 + CALM_S) * number("speed", 250),
    },
  };
}

/** Whether all QoS promises were kept. */
function kept(run: ChaosRun): boolean {
  const { up, down } = run.options;
  const sides = [
    [run.peer.got, up],
    [run.got, down],
  ] as const;
  return (
    run.bad.length + run.peer.bad.length === 0 &&
    sides.every(
      ([got, count]) =>
        got[2].repeats === 0 &&
        ([1, 2] as const).every((qos) => got[qos].disorders === 0 && got[qos].missing(count).length === 0),
    )
  );
}

async function main(): Promise<number> {
  const { help, hours, chaos } = options();
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const run = await ChaosRun.start(chaos);
  const minutely = setInterval(() => console.log(figures(run)), MINUTE_MS);
  const calm = setTimeout(() => run.storm.calm(), hours * 3_600_000);
  try {
    await run.finish();
  } catch (error) {
    console.error((error as Error).message);
  }
  clearInterval(minutely);
  clearTimeout(calm);
  console.log(figures(run));
  console.log(
    `most at a time (see app.ts): ${run.most.join(" ")}; left over: ${JSON.stringify(run.board.load)}`,
  );
  await run.stop();
  return kept(run) ? 0 : 1;
}

process.exitCode = await main();
