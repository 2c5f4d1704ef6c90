// The upload to a pretend board: each failure has an error of its own, and leaves the old program running.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { codeIn, nameOf, programIn } from "../../board/virtual/program.ts";
import { fileOf } from "../../src/program/file.ts";
import { Failure, type Kind } from "../../tools/failures.ts";
import { type Job, uploadTo } from "../../tools/flash/session.ts";
import { type File, storedBytes } from "../../tools/flash/storage-files.ts";
import { Espruino } from "../../tools/serial/espruino.ts";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing } from "../brokers/mosquitto.ts";
import { until } from "../support/until.ts";
import { PretendBoard, type Traits } from "./pretend-board.ts";
import { Pty } from "./pty.ts";

const skip = missing("socat");

const OLD = { ".bootcde": "the old program", "config.json": "{}" };
const BOOT = "the new program;".repeat(300);
const PROGRAM = programIn({ code: `${BOOT}/*its parts*/\n` });
const CODE = codeIn(PROGRAM);
const FILES: File[] = [
  { name: "ws", bytes: Buffer.from('exports="\\\0\xff";'.repeat(200), "latin1") },
  { name: "config.json", bytes: Buffer.from('{"wifi":{"ssid":"grün"}}') },
  ...Object.entries(PROGRAM).map(([name, text]) => ({ name, bytes: Buffer.from(text, "latin1") })),
];
const text = (name: string) =>
  Buffer.from(FILES.find((file) => file.name === name)!.bytes).toString("latin1");

async function run(
  t: TestContext,
  traits: Traits,
  job: Partial<Job> = {},
  before?: (board: PretendBoard, pty: Pty) => void,
) {
  const pty = await Pty.start(t);
  const board = new PretendBoard(pty, { files: { ...OLD }, ...traits });
  t.after(() => board.off());
  before?.(board, pty);
  const line = await SerialLine.open(pty.path);
  t.after(() => line.close());
  const said: string[] = [];
  const advice = { smaller: "choose --profile tiny", withoutCrypto: "choose --transport lean" };
  const needs = { modules: ["net", "crypto"], bytes: storedBytes(FILES), tls: false, ...advice };
  const whole = { files: FILES, needs, fresh: false, noBle: false, erase: false, ...job };
  let failure: Failure | undefined;
  try {
    await uploadTo(new Espruino(line, pty.path), line, whole, (words) => said.push(words));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  }
  // The restart comes after its answer.
  const restarts = () => board.flash.has(".bootcde") && line.alive && !traits.silent;
  await until(() => board.running !== undefined || !restarts(), "the restart");
  return { board, failure, said };
}

function assertNew(board: PretendBoard): void {
  const { flash } = board;
  for (const name of ["ws", ".bootcde"]) assert.equal(flash.get(name), text(name));
  assert.equal(flash.get(fileOf(nameOf(CODE))), CODE);
  assert.equal(flash.get("config.a") ?? flash.get("config.json"), text("config.json"));
  assert.equal(board.running, BOOT);
  const known = /^(ws|\.bootcde|config\.(json|a)|fw\.([ab]|[0-9a-f]{8}))$/;
  assert.deepEqual(
    [...flash.keys()].filter((name) => !known.test(name)),
    [],
  );
}

test("the old program has armed a watchdog: the uploader lets the engine feed it; otherwise it arms none", {
  skip,
}, async (t) => {
  const armed = await run(t, { files: { ...OLD, ".bootcde": "E.enableWatchdog(60,false)" } });
  assert.equal(armed.failure, undefined);
  assert.deepEqual(armed.board.watchdog, [[300, true, true]]);
  assertNew(armed.board);
  for (const files of [OLD, {}]) assert.deepEqual((await run(t, { files })).board.watchdog, []);
});

test("an upload writes and verifies all files, then restarts the board", { skip }, async (t) => {
  const { board, failure, said } = await run(t, {});
  assert.equal(failure, undefined);
  assertNew(board);
  assert.ok(said.some((words) => /^\.bootcde verified, CRC [0-9a-f]{8}$/.test(words)));
});

test("a file that is on the board already is not written again", { skip }, async (t) => {
  const written: string[] = [];
  const files = { ...OLD, ws: text("ws") };
  const { board, said } = await run(t, {
    files,
    onWrite: (name, data) => {
      written.push(name);
      return data;
    },
  });
  assertNew(board);
  assert.ok(said.includes("ws is there already"));
  assert.ok(!written.some((name) => name.startsWith("ws")));
});

test("a board that logs all the time: the upload succeeds", { skip }, async (t) => {
  const { board, failure } = await run(t, { logsEveryMs: 1 });
  assert.equal(failure, undefined);
  assertNew(board);
});

test("questions garbled on their way are asked again", { skip }, async (t) => {
  const { board, failure } = await run(t, { garble: (n) => n % 3 === 0 });
  assert.equal(failure, undefined);
  assertNew(board);
});

test("a console that loses what follows the 64th byte of a burst: the upload goes on in small pieces", async (t) => {
  const wire = { onBytes: (_bytes: Buffer) => {}, write: (_bytes: Uint8Array | string) => {} };
  const board = new PretendBoard(wire, { burst: 64, files: { ...OLD } });
  t.after(() => board.off());
  const sizes: number[] = [];
  const line = {
    held: false,
    alive: true,
    onBytes: (_bytes: Uint8Array) => {},
    onGone() {},
    async write(bytes: Uint8Array) {
      sizes.push(bytes.length);
      wire.onBytes(Buffer.from(bytes));
    },
    reset: async () => false,
    close: async () => {},
  };
  wire.write = (bytes) => line.onBytes(Buffer.from(bytes as string, "latin1"));
  const files = FILES.filter(({ name }) => name !== "ws");
  const needs = { modules: [], bytes: storedBytes(files), tls: false, smaller: "", withoutCrypto: "" };
  const job = { files, needs, fresh: false, noBle: false, erase: false };
  await uploadTo(new Espruino(line, "memory"), line, job, () => {});
  await until(() => board.running === BOOT, "the restart");
  assert.equal(
    sizes.filter((size) => size > 64).length,
    1,
    "one burst was too long, the rest came in pieces",
  );
});

test("programs saved by other tools are erased, because they would run instead", { skip }, async (t) => {
  const { board } = await run(t, { files: { ...OLD, ".bootrst": "x", ".varimg": "y" } });
  assertNew(board);
});

test("parts of earlier programs are erased, and a watchdog that they armed is fed", {
  skip,
}, async (t) => {
  const parts = "parts.0123abcd";
  const files = { ...OLD, [parts]: "E.enableWatchdog(60,false)", "parts.00000000": "of an earlier one" };
  const { board, failure } = await run(t, { files });
  assert.equal(failure, undefined);
  assert.deepEqual(board.watchdog, [[300, true, true]]);
  assertNew(board);
});

test("a Storage full of trash is compacted first", { skip }, async (t) => {
  const { board, said } = await run(t, { storage: 40_000 }, {}, (board) => {
    board.trash = 30_000;
  });
  assertNew(board);
  assert.ok(said.some((words) => words.startsWith("compacting")));
});

test("a Storage with room for the upload and not for the next updates: the trash is compacted", {
  skip,
}, async (t) => {
  const { board, said } = await run(t, { storage: 620_000 }, {}, (board) => {
    board.trash = 400_000;
  });
  assertNew(board);
  assert.ok(said.some((words) => words.startsWith("compacting")));
});

test("a Storage that is full after --erase: --erase is not advised again", { skip }, async (t) => {
  const { failure } = await run(t, { storage: 12_000 }, { erase: true });
  assert.match(failure?.message ?? "", /, \d+ are free: choose --profile tiny\.$/);
});

test("wss:// is refused for a classic ESP32 before anything is written, and not for a C3 or S3", {
  skip,
}, async (t) => {
  const tls = { modules: [], bytes: storedBytes(FILES), tls: true, smaller: "", withoutCrypto: "" };
  for (const board of ["ESP32", "ESP32_IDF4"]) {
    const it = await run(t, { board }, { needs: tls });
    assert.equal(it.failure?.code, 16);
    assert.match(
      it.failure.message,
      /^wss:\/\/ without mqtt\.tls\.psk cannot work on a classic ESP32, .*: take mqtt\.tls\.psk, or ws:\/\/ .*ESP32-C3 or/,
    );
    assert.deepEqual(Object.fromEntries(it.board.flash), OLD);
  }
  for (const board of ["ESP32C3_IDF4", "ESP32S3"]) assertNew((await run(t, { board }, { needs: tls })).board);
});

test("--erase empties the Storage", { skip }, async (t) => {
  const { board } = await run(t, { files: { ...OLD, other: "x" } }, { erase: true });
  assertNew(board);
});

test("--no-ble turns Bluetooth off first", { skip }, async (t) => {
  const { board, failure } = await run(t, { bluetooth: true, jsvars: 2000 }, { noBle: true });
  assert.equal(failure, undefined);
  assert.equal(board.bluetooth, false);
  assertNew(board);
});

test("an old Espruino: the upload goes on with a warning", { skip }, async (t) => {
  const { said } = await run(t, { version: "2v26" });
  assert.ok(said.some((words) => /^warning: Espruino 2v26 is old/.test(words)));
});

for (const board of ["ESP32C3_IDF4", "ESP32S3", "ESP32_IDF4"]) {
  test(`a board named ${board} is accepted`, { skip }, async (t) => {
    assertNew((await run(t, { board })).board);
  });
}

const FAILURES: [what: string, traits: Traits, kind: Kind, words: RegExp][] = [
  ["a silent board", { silent: true }, "silent", /^no answer on .*tty in 9 s: press its reset button/],
  [
    "something that is no Espruino",
    { babbles: true },
    "board",
    /talks, but does not answer as Espruino does/,
  ],
  ["another board", { board: "PUCKJS" }, "board", /^this is a PUCKJS with Espruino, no ESP32/],
  [
    "too old an Espruino",
    { version: "2v24.12" },
    "version",
    /^this is Espruino 2v24\.12: write 2v25 or later/,
  ],
  [
    "an Espruino that does not know the first question",
    { version: "2v22", noEnquiry: true },
    "version",
    /^this is Espruino 2v22: write 2v25 or later/,
  ],
  [
    "a console with a password",
    { password: "x" },
    "locked",
    /^the console on .*tty wants a password: type it in npx espruino-mqtt-ws monitor and run again, or /,
  ],
  [
    "too little memory",
    { jsvars: 1700 },
    "memory",
    /^the board has 1700 JsVars.*: use a board with more memory\.$/,
  ],
  [
    "Bluetooth in the way",
    { jsvars: 2000, bluetooth: true },
    "memory",
    /because Bluetooth is on: turn it off with --no-ble/,
  ],
  ["no crypto", { modules: "Storage,net,Wifi" }, "lacks", /^this Espruino has no crypto.*--transport lean/],
  ["a missing module", { modules: "Storage,crypto,Wifi" }, "lacks", /has no module net/],
  [
    "a Storage that is too small",
    { storage: 4096 },
    "full",
    /needs \d+ bytes of Storage, this board has 4096 in all/,
  ],
  [
    "a full Storage",
    { storage: 12_000 },
    "full",
    /needs \d+ bytes of Storage beside what is there, \d+ are free: free it with --erase, or choose --profile tiny\.$/,
  ],
  [
    "flash that does not keep what is written",
    { onWrite: () => "?" },
    "verify",
    /^fw\.[0-9a-f]{8} reads back differently from what was written/,
  ],
];

// Two of them wait until the board has had its time to answer.
describe("upload", { concurrency: true }, () => {
  for (const [what, traits, kind, words] of FAILURES) {
    test(`${what}: an error, and the old program runs on`, { skip }, async (t) => {
      const { board, failure } = await run(t, traits);
      assert.equal(failure?.kind, kind);
      assert.match(failure.message, words);
      assert.equal(board.running, OLD[".bootcde"]);
      assert.deepEqual(Object.fromEntries(board.flash), OLD);
    });
  }
});

test("the cable is pulled in the middle: an error, and the old program is still there", {
  skip,
}, async (t) => {
  let count = 0;
  let pull = () => {};
  const onWrite = (_name: string, data: string) => {
    if (++count === 5) pull();
    return data;
  };
  const { board, failure } = await run(t, { onWrite }, {}, (_board, pty) => {
    pull = () => void pty.unplug();
  });
  assert.equal(failure?.kind, "unplugged");
  assert.match(failure.message, /has gone away: plug it in and run again\.$/);
  assert.equal(board.flash.get(".bootcde"), OLD[".bootcde"]);
  assert.equal(board.flash.get("config.json"), OLD["config.json"]);
});

test("the last file cannot be written: an error says so", { skip }, async (t) => {
  const onWrite = (name: string, data: string) => (name === ".bootcde" ? "?" : data);
  const { failure } = await run(t, { onWrite });
  assert.equal(failure?.kind, "verify");
  assert.match(failure.message, /^\.bootcde reads back differently/);
});
