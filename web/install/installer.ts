// The state of the installer, and what its buttons do: the steps of flash.sh (tools/flash/flash.ts) in a page.

import { Failure } from "../../tools/failures.ts";
import { firstUrl } from "../../tools/flash/broker-url.ts";
import { type Json, parseConfig } from "../../tools/flash/config.ts";
import { follow } from "../../tools/flash/follow.ts";
import { storageImage } from "../../tools/flash/image.ts";
import { uploadTo } from "../../tools/flash/session.ts";
import { textOf } from "../../tools/flash/storage-files.ts";
import { recordOn } from "../../tools/flash/target.ts";
import { type ScreenEvents, Watch } from "../../tools/monitor/watch.ts";
import { Espruino } from "../../tools/serial/espruino.ts";
import { configOf, type Form, formOf, mistakesOf, PROGRAMS, preparedOf } from "./choice.ts";
import { type Download, downloadOf, type Manifest } from "./downloads.ts";
import { addLine, type Lines, pageScreen } from "./page-screen.ts";
import { PATH, pickPort, WebLine } from "./web-line.ts";
import { words } from "./words.ts";
import { writeEspruino } from "./write-espruino.ts";

export interface Installer extends Lines {
  form: Form;
  /** "<key>: <what is expected>"; undefined while nothing was checked. */
  mistakes: string[] | undefined;
  firmware: boolean;
  download: Download | undefined;
  manifest: Manifest | undefined;
  erase: boolean;
  noBle: boolean;
  /** What is going on. */
  work: "" | "install" | "watch" | "read" | "image" | "check";
  /** Whether the link of the installed board came up. */
  up: boolean;
  /** What the user does at the log, while it is shown. */
  events: ScreenEvents | undefined;
  /** Ends what is going on. */
  interrupt: (() => void) | undefined;
}

export function newInstaller(changed: () => void): Installer {
  const form = {
    program: PROGRAMS[0]!,
    ssid: "",
    password: "",
    url: "",
    unverified: false,
    id: "",
    pins: [],
    rest: "",
  };
  return {
    form,
    mistakes: undefined,
    firmware: false,
    download: undefined,
    manifest: undefined,
    erase: false,
    noBle: false,
    work: "",
    up: false,
    lines: [],
    status: "",
    events: undefined,
    interrupt: undefined,
    changed,
  };
}

/** Does a piece of work, one at a time; its failure is a sentence among the steps. */
export async function run(
  it: Installer,
  work: Installer["work"],
  act: (it: Installer) => Promise<void>,
): Promise<void> {
  if (it.work) return;
  Object.assign(it, { work, up: false, lines: [], status: "" });
  it.changed();
  try {
    await act(it);
  } catch (error) {
    const failure =
      error instanceof Failure
        ? error
        : new Failure("bug", `this tool has failed (${(error as Error).stack})`);
    addLine(it, "wrong", failure.message);
  } finally {
    Object.assign(it, { work: "", events: undefined, interrupt: undefined });
    it.changed();
  }
}

/** Judges the form by the program itself. True if it is good. */
async function judged(it: Installer): Promise<boolean> {
  it.mistakes = await mistakesOf(it.form);
  it.changed();
  return !it.mistakes.length;
}

export async function check(it: Installer): Promise<void> {
  await judged(it);
}

const say = (it: Installer) => (text: string) => addLine(it, "step", text);

export async function install(it: Installer): Promise<void> {
  // The browser lets a page ask for a port only soon after a click: before anything takes time.
  const port = await pickPort();
  if (!(await judged(it))) return refuse(it);
  const prepared = await preparedOf(it.form, say(it));
  if (it.firmware) await writeEspruino(port, (chip) => filesFor(it, chip), it.erase, say(it));
  const line = await WebLine.open(port);
  const espruino = new Espruino(line, PATH);
  it.interrupt = () => espruino.fail(new Failure("interrupted", words.go.interrupted));
  if (it.firmware) await line.reset();
  let log: string[];
  try {
    const { files, needs } = prepared;
    const job = { files, needs, fresh: it.firmware, noBle: it.noBle, erase: it.erase && !it.firmware };
    log = await uploadTo(espruino, line, job, say(it));
  } catch (error) {
    await line.close();
    throw error;
  }
  if (prepared.advice) say(it)(prepared.advice);
  const watch = watchOf(it, port);
  const whenUp = watchForLink(it, watch);
  await follow(watch, line, { noMonitor: false }, prepared.level, log);
  whenUp();
}

/** The sentence that flash.sh has for a configuration with mistakes. */
function refuse(it: Installer): never {
  throw new Failure("config", `config.json has a mistake in ${it.mistakes!.join("; and in ")}`);
}

function filesFor(it: Installer, chip: string): Promise<Download> {
  if (it.download) return Promise.resolve(it.download);
  if (it.manifest) return downloadOf(it.manifest, chip);
  throw new Failure("file", "there is no download of Espruino", "choose its zip, its tgz or its folder");
}

/** Notes when a line says that the link is up. Returns what ends that. */
function watchForLink(it: Installer, watch: Watch): () => void {
  const { note } = watch;
  watch.note = (text) => {
    if (text === "the link is up") it.up = true;
    note.call(watch, text);
  };
  return () => {
    watch.note = note;
  };
}

function watchOf(it: Installer, port: SerialPort): Watch {
  const watch: Watch = new Watch(
    {
      path: PATH,
      open: () => WebLine.open(port),
      mayOpen: () => port.connected !== false,
      screen: (events) => {
        it.events = events;
        it.interrupt = events.stop;
        return pageScreen(it);
      },
    },
    { decode: true },
  );
  it.changed();
  return watch;
}

export async function watchOnly(it: Installer): Promise<void> {
  const port = await pickPort();
  await watchOf(it, port).run(undefined, false);
}

/** Reads the configuration of a board into the form. */
export async function readConfig(it: Installer): Promise<void> {
  const line = await WebLine.open(await pickPort());
  try {
    const espruino = new Espruino(line, PATH);
    it.interrupt = () => espruino.fail(new Failure("interrupted", words.go.interrupted));
    await espruino.contact();
    const record = await recordOn(espruino);
    const text = await textOf(espruino, record?.config || "config.json");
    if (text === undefined) return addLine(it, "note", words.go.noConfig);
    const json: Json = parseConfig(
      Buffer.from(text, "latin1").toString("utf8"),
      "the board's configuration",
    ).json;
    it.form = formOf(it.form.program, json);
    it.mistakes = undefined;
    addLine(it, "note", words.go.readIs);
  } finally {
    await line.close();
  }
}

/** Makes an image of the whole Storage, and has the browser keep it. */
export async function makeImage(it: Installer): Promise<void> {
  if (!(await judged(it))) return refuse(it);
  const { files, needs } = await preparedOf(it.form, say(it));
  const image = storageImage(files, undefined, needs.smaller);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new Uint8Array(image)]));
  link.download = "storage.bin";
  link.click();
  URL.revokeObjectURL(link.href);
  addLine(it, "step", words.go.imageIs(image.length.toLocaleString("en")));
}

/** The live page for the configuration of the form, without its secrets. */
export function liveAddress(it: Installer): string {
  const { mqtt, device } = configOf(it.form) as { mqtt: { url: unknown }; device?: { base?: string } };
  const url = new URL(String(firstUrl(mqtt.url)));
  url.username = url.password = url.search = "";
  return `dashboard.html#${new URLSearchParams({ broker: url.href, base: device?.base ?? "devices" })}`;
}
