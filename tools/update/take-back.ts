// `update take-back`: clears what is published on a channel, and the programs that no channel names any more.

import { Failure } from "../failures.ts";
import { Broker } from "./broker.ts";
import { parseManifest } from "./manifest.ts";
import type { TakeBackOptions } from "./options.ts";
import { everythingFilter, manifestTopic, placeOf, programTopic } from "./topics.ts";

type Say = (text: string) => void;

export async function takeBack(options: TakeBackOptions, say: Say): Promise<void> {
  await Broker.with(options.url, (broker) => clear(broker, options, say));
}

export async function clear(
  broker: Broker,
  { base, channel, older }: Pick<TakeBackOptions, "base" | "channel" | "older">,
  say: Say,
): Promise<void> {
  const all = await broker.kept([everythingFilter(base)]);
  const own = manifestTopic(base, channel);
  const manifest = older ? undefined : all.get(own);
  if (!older) say(manifest ? lastWords(channel, manifest) : `nothing is published on ${channel}`);
  const rest = new Map([...all].filter(([topic]) => older || topic !== own));
  const blocks = idleBlocks(base, rest, say);
  // The manifest first: from then on no board begins.
  const topics = manifest ? [own, ...blocks] : blocks;
  await broker.keep(topics.map((topic) => [topic, Buffer.alloc(0)]));
  await verify(broker, base, topics);
  say(`cleared ${blocks.length} blocks`);
}

/** What a later publish needs to know. */
function lastWords(channel: string, bytes: Buffer): string {
  const manifest = parseManifest(bytes);
  if ("wrong" in manifest) return `what is on ${channel} is no manifest (${manifest.wrong}): it is cleared`;
  const { counter } = manifest;
  return `taking back counter ${counter} from ${channel}: publish the next one with --counter ${counter + 1}, or higher`;
}

/** Topics of blocks of programs that no manifest names. */
function idleBlocks(base: string, all: Map<string, Buffer>, say: Say): string[] {
  const named = new Set<string>();
  const blocks: [topic: string, program: string][] = [];
  for (const [topic, bytes] of all) {
    const place = placeOf(base, topic);
    if (!place) continue;
    if ("program" in place) {
      blocks.push([topic, place.program]);
      continue;
    }
    const manifest = parseManifest(bytes);
    if ("wrong" in manifest) {
      say(`warning: no blocks are cleared, because ${topic} is not understood: ${manifest.wrong}`);
      return [];
    }
    named.add(programTopic(base, manifest.sha256));
  }
  return blocks.filter(([, program]) => !named.has(program)).map(([topic]) => topic);
}

async function verify(broker: Broker, base: string, topics: string[]): Promise<void> {
  const left = await broker.kept([everythingFilter(base)]);
  const still = topics.filter((topic) => left.has(topic));
  if (still.length)
    throw new Failure(
      "denied",
      `the broker still keeps ${still.length} of ${topics.length} messages, the first is ${still[0]}`,
    );
}
