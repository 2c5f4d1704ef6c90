// `update publish`: builds a program, signs it and has the broker keep it.

import { codeIn } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { readBundle } from "../firmware.ts";
import { userPath } from "../paths.ts";
import { Broker, type Message } from "./broker.ts";
import { readKeyFile } from "./key-file.ts";
import { MAX_COUNTER, type Manifest, manifestBytes, manifestOf, sizeOf } from "./manifest.ts";
import { checkTaker, type PublishOptions } from "./options.ts";
import { notSigned, publishedOn } from "./published.ts";
import { releaseOf } from "./release.ts";
import { sign } from "./signature.ts";

type Say = (text: string) => void;
/** What publishing needs of a broker. */
type Keeper = Pick<Broker, "keep" | "kept">;

export async function publish(options: PublishOptions, say: Say): Promise<void> {
  checkTaker(options);
  const { url, base, channel } = options;
  const key = readKeyFile(options.key, say);
  const code = codeIn(await readBundle({ ...options, bundle: bundleOf(options) }, say));
  const counter = await Broker.with(url, (broker) => counterFor(broker, options, key.publicKey, say));
  const manifest = manifestOf(code, { ...options, counter, share: Number(options.share) });
  say(`signing ${nameOf(manifest)}`);
  // Without a connection: nothing else happens in these seconds.
  const release = releaseOf(code, manifest, sign(manifestBytes(manifest), key.privateKey), base, channel);
  await Broker.with(url, (broker) => send(broker, release, say));
  say(`published on ${channel}: ${nameOf(manifest)}, for ${manifest.share} % of the boards`);
}

function bundleOf({ bundle }: PublishOptions): string | undefined {
  return bundle === undefined ? undefined : userPath(bundle);
}

/** A program in one line. */
export function nameOf(manifest: Manifest): string {
  const { app, profile, transport, version, counter, sha256 } = manifest;
  return `${app} ${profile} ${transport} ${version}, counter ${counter}, ${sizeOf(manifest)} bytes, SHA-256 ${sha256.slice(0, 16)}`;
}

/** The counter of this update: boards take only one that is above the last. */
export async function counterFor(
  broker: Broker,
  options: Pick<PublishOptions, "base" | "channel" | "counter" | "new-key">,
  publicKey: Buffer,
  say: Say,
): Promise<number> {
  const { base, channel } = options;
  const wanted = options.counter === undefined ? undefined : Number(options.counter);
  const before = await publishedOn(broker, base, channel);
  if (!before) {
    if (wanted === undefined)
      say(
        `nothing is published on ${channel}: counter 1; for boards that had an update before, see --counter`,
      );
    return wanted ?? 1;
  }
  const why = "wrong" in before ? before.wrong : notSigned(before, publicKey);
  if (why) return foreign(channel, why, options["new-key"], wanted);
  const last = (before as { manifest: Manifest }).manifest.counter;
  if (wanted === undefined && last < MAX_COUNTER) return last + 1;
  if (wanted !== undefined && wanted > last) return wanted;
  throw new Failure(
    "usage",
    `the last update on ${channel} has counter ${last}`,
    "give a higher one with --counter",
  );
}

/** A manifest that this key did not sign: its counter may be anybody's, so the owner says which. */
function foreign(channel: string, why: string, newKey: boolean, wanted: number | undefined): number {
  if (newKey) return wanted!;
  throw new Failure(
    "key",
    `on ${channel} there is a manifest that is not yours: ${why}`,
    "if boards have your public key, or a publish was cut short, add --new-key --counter N, above the last counter",
  );
}

/** Has the broker keep a release, and reads it back. */
export async function send(broker: Keeper, release: Message[], say: Say): Promise<void> {
  const manifest = release.at(-1)!;
  const blocks = release.slice(0, -1);
  say(`publishing ${blocks.length} blocks`);
  await broker.keep(blocks);
  await verify(broker, blocks);
  await broker.keep([manifest]);
  await verify(broker, [manifest]);
}

async function verify(broker: Keeper, messages: Message[]): Promise<void> {
  const filters = new Set(
    messages.map(([topic]) => (messages.length > 1 ? topic.replace(/[^/]*$/, "+") : topic)),
  );
  const isKept =
    (found: Map<string, Buffer>) =>
    ([topic, payload]: Message) =>
      found.get(topic)?.equals(payload);
  const found = await broker.kept(
    [...filters],
    (all) => all.size >= messages.length && messages.every(isKept(all)),
  );
  const lost = messages.filter((message) => !isKept(found)(message));
  if (!lost.length) return;
  throw new Failure(
    "kept",
    `the broker does not keep ${lost.length} of ${messages.length} messages, the first is ${lost[0]![0]}`,
  );
}
