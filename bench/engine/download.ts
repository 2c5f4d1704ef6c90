// What an update's download costs on an engine: instructions of a block, from its PUBLISH until the next one is asked for, and
// of the largest piece of work at a time; and JsVars while the board waits, loads and checks. The code runs from flash, so the
// figures mean something only on an engine that maps its flash into memory.
import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf, programIn } from "../../board/virtual/program.ts";
import { buildRow } from "../../build/own.ts";
import { sealed } from "../../src/program/turns.ts";
import { mosquittoPorts } from "../../test/brokers/mosquitto.ts";
import { markOf, PUBLIC_KEY, publish, published, sumOf } from "../../test/device/publisher.ts";
import { Engine } from "../../test/engine/engine.ts";
import { Callgrind, type Section } from "./callgrind.ts";
import { deviceConnected } from "./device.ts";
import { hasValgrind } from "./handler-cost.ts";
import { broker } from "./measure.ts";
import type { Ports } from "./stack.ts";

const BLOCKS = 24;
/** Blocks at the begin and at the end that are not counted. */
const EDGE = 2;
/** A turn of the engine's loop with less is one that waits. */
const IDLE = 100_000;
const TURN = "jsiIdle";
const WRITE = "jswrap_storage_write";
const LAST_MS = 300_000;

/** Prints the memory in use at each write of a block. */
const WATCH = `(function(S){var write=S.write;S.write=function(a,b,c,d){if(d)print("used",process.memory().usage);
return write.call(S,a,b,c,d)}})(require("Storage"));`;

export interface DownloadCost {
  /** Instructions of a block. */
  block: number;
  /** Of the largest turn of the engine's loop while blocks come. */
  largest: number;
}

const crc = { crc32: (text: string) => crc32(Buffer.from(text, "latin1")) };

/** A device that goes on with the download of a small program: the signature is checked already. */
async function loading(ports: Ports, boot0 = "") {
  const text = "x".repeat(BLOCKS * 1024 - 5);
  const next = published(`/*${text}*/\n`, { transport: "lean" });
  const code = `/*${text}*/\n`;
  const client = await broker(ports, "publisher");
  await publish(client, {
    ...next,
    blocks: new Map([...next.blocks].filter(([name]) => !name.startsWith("s"))),
  });
  client.end();
  const note = [1, 0, "", 0, "", "", 0, 2, markOf(next.manifest), 7, nameOf(code), sumOf(code), "0.2.0"];
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt`, clientId: "bench" },
    device: { id: "bench", telemetryS: 0, update: { key: PUBLIC_KEY } },
  };
  return new Engine({
    ".boot0": `var ESP32={reboot:function(){print("REBOOT");quit()},getState:function(){return {}}};${boot0}`,
    "config.json": JSON.stringify(config),
    "update.b": sealed(crc, note.join("\n")),
    ...programIn(await buildRow("device-lean")),
  });
}

/** JsVars above those of an idle engine, garbage left out: the most at a write of a block. */
export async function jsVarsLoading(ports: Ports): Promise<number> {
  const engine = (await loading(ports, WATCH)).boot();
  const idle = new Engine({
    ".boot0": `${WATCH}require("Wifi");print("used",process.memory().usage)`,
  }).boot();
  try {
    const base = Number((await idle.line(/^used \d/)).split(" ")[1]);
    await engine.line(/^REBOOT/);
    const used = engine.lines
      .filter((line) => /^used \d/.test(line))
      .map((line) => Number(line.split(" ")[1]));
    return Math.max(...used) - base;
  } finally {
    await engine.off();
    await idle.off();
  }
}

/** Needs valgrind. */
export async function downloadCost(ports: Ports): Promise<DownloadCost> {
  const callgrind = new Callgrind([TURN, WRITE]);
  const engine = await loading(ports);
  try {
    engine.boot(undefined, callgrind.tool());
    await engine.line(/^REBOOT/, LAST_MS);
    await engine.ended();
    return costOf(callgrind.sections());
  } finally {
    await engine.off();
    callgrind.off();
  }
}

/** A section before a write ends no turn: what follows in that turn is added to it. */
function costOf(sections: Section[]): DownloadCost {
  const writes = sections.flatMap(({ trigger }, i) => (trigger === WRITE ? [i] : []));
  const loaded = sections.slice(writes[EDGE]! + 1, writes[BLOCKS - EDGE]! + 1);
  const turns = [0];
  for (const { trigger, instructions } of loaded) {
    turns[turns.length - 1]! += instructions;
    if (trigger === TURN) turns.push(0);
  }
  const busy = turns.filter((cost) => cost > IDLE);
  return {
    block: Math.round(busy.reduce((sum, cost) => sum + cost, 0) / (BLOCKS - 2 * EDGE)),
    largest: Math.max(...busy),
  };
}

/** The figures, as lines. */
export async function downloadRows(): Promise<void> {
  const cleanup: (() => unknown)[] = [];
  const after = (fn: unknown) => void cleanup.push(fn as () => unknown);
  const ports = await mosquittoPorts({ after });
  const update = { key: PUBLIC_KEY };
  const millions = (n: number) => (n / 1e6).toFixed(1);
  console.log(
    `update: ${await deviceConnected(ports, {}, { update })} JsVars while it waits, ${await jsVarsLoading(ports)} while it loads`,
  );
  if (hasValgrind) {
    const { block, largest } = await downloadCost(ports);
    console.log(
      `update: a block takes ${millions(block)} M instructions, ${millions(largest)} M of them at a time at most`,
    );
  }
  for (const each of cleanup) await each();
}
