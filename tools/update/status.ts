// `update status`: what is published on a channel, and what each board does about it.

import { existsSync } from "node:fs";
import { Failure } from "../failures.ts";
import { clockOf } from "../monitor/log-line.ts";
import { userPath } from "../paths.ts";
import { Broker } from "./broker.ts";
import { deviceOf, rowOf, tableOf } from "./device-rows.ts";
import { publicKeyOf, readKeyFile } from "./key-file.ts";
import { KEY_FILE, type StatusOptions } from "./options.ts";
import { nameOf } from "./publish.ts";
import { notSigned, publishedOn } from "./published.ts";
import { statusFilter } from "./topics.ts";

type Say = (text: string) => void;

export async function showStatus(options: StatusOptions, say: Say): Promise<void> {
  const publicKey = keyIn(options.key, say);
  await Broker.with(options.url, async (broker) => {
    const why = await showChannel(broker, options, publicKey, say);
    await showDevices(broker, options, say);
    const refused = `what is on ${options.channel} is refused by the boards: ${why}`;
    if (why && !options.watch) throw new Failure("published", refused);
    if (why) say(refused);
    if (options.watch) await watch(broker, options, say);
  });
}

/** The public key to check with; undefined if there is none. */
function keyIn(text: string, say: Say): Buffer | undefined {
  const key = publicKeyOf(text);
  if (key) return key;
  if (existsSync(userPath(text))) return readKeyFile(text, say).publicKey;
  // The default is the only file that need not be there.
  if (text === KEY_FILE) return undefined;
  throw new Failure(
    "key",
    "--key is neither a public key nor a file",
    "give 64 hexadecimal digits or the name of a file",
  );
}

/** @returns why the boards refuse what is published; "" if they do not */
async function showChannel(
  broker: Broker,
  { base, channel }: StatusOptions,
  publicKey: Buffer | undefined,
  say: Say,
): Promise<string> {
  const published = await publishedOn(broker, base, channel);
  if (!published) {
    say(`nothing is published on ${channel}`);
    return "";
  }
  if ("wrong" in published) return `no manifest, ${published.wrong}`;
  const { manifest } = published;
  say(
    `${channel}: ${nameOf(manifest)}, Espruino ${manifest.oldest} to ${manifest.newest}, for ${manifest.share} % of the boards`,
  );
  if (!publicKey) {
    say("its signature is not checked: name the public key with --key");
    return "";
  }
  const why = notSigned(published, publicKey);
  if (!why) say("its signature is good");
  return why;
}

async function showDevices(broker: Broker, { base }: StatusOptions, say: Say): Promise<void> {
  const found = await broker.kept([statusFilter(base)]);
  const rows = [...found].flatMap(([topic, payload]) => {
    const id = deviceOf(base, topic);
    return id === undefined ? [] : [rowOf(id, payload)];
  });
  say(rows.length ? tableOf(rows) : "no board has said anything about updates yet");
}

/** Shows each change until Ctrl-C. */
async function watch(broker: Broker, { base }: StatusOptions, say: Say): Promise<void> {
  say("watching, Ctrl-C ends");
  await broker.watch([statusFilter(base)], (topic, payload) => {
    const id = deviceOf(base, topic);
    if (id !== undefined) say([clockOf(new Date()), ...rowOf(id, payload)].filter(Boolean).join(" "));
  });
}
