// A hostile server cannot exhaust the firmware's memory, time or stack, and gets no secret. Runs the minified build
// with counters in it, on a board in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOGIN } from "../../src/link/rungs.ts";
import { inChunks } from "../support/feeds.ts";
import { reply } from "../ws/server.ts";
import { ATTACKS } from "./attacks.ts";
import { assertGoesOn, assertSecret, CHUNK, type Firmware, firmware, held, MOST_HELD } from "./firmware.ts";
import { counted, measured } from "./steps.ts";

/** Most function calls and loop turns for a byte from the server, and for a chunk. */
const STEPS_A_BYTE = 20;
const STEPS_A_CHUNK = 200;
/** Most calls on the stack, from the board's call to its own functions. */
const DEPTH = 16;

const { subject, meter } = await counted();

/** Bytes that may wait in the board's own queue: `mqtt.maxUnsent`, a PONG, a CLOSE. */
const MAX_QUEUED = subject.MAX_UNSENT + 2 * (subject.frames.MAX_CONTROL + subject.FRAME_OVERHEAD);

/** A firmware on this rung of the ladder; 4 is UP. */
function on(rung: number, log: number): Firmware {
  return firmware(rung, subject.hello, (board, app, profile) => {
    const link = subject.boot(board, app, profile);
    if (link) link.log.level = log;
    return link;
  });
}

/** Feeds chunks until the board closes the connection; returns the number of bytes that were taken. */
function feed({ board }: Firmware, chunks: string[], then: () => void = () => {}): number {
  let bytes = 0;
  for (const chunk of chunks) {
    if (!board.connected) break;
    board.line.data(chunk);
    bytes += chunk.length;
    then();
  }
  return bytes;
}

/** Runs a check with each attack, and fails with the list of those that fail. */
function everyAttack(check: (make: (n: number) => string) => void): void {
  const failed = Object.entries(ATTACKS).flatMap(([name, make]) => {
    try {
      check(make);
      return [];
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
  assert.deepEqual(failed, []);
}

for (const reads of [true, false]) {
  test(`a hostile server cannot fill the memory${reads ? "" : ", nor by not reading what it makes us say"}`, () => {
    everyAttack((make) => {
      for (const size of [CHUNK, 1, 127]) {
        // Chunks of one byte are slow, so that attack is shorter.
        const hostage = on(4, 2);
        hostage.board.clogged = !reads;
        feed(hostage, inChunks(make(size > 1 ? 20_000 : 6_000), size), () => {
          const { unsent } = hostage.board;
          assert.ok(held(hostage) <= MOST_HELD, `${held(hostage)} bytes are held`);
          assert.ok(unsent <= MAX_QUEUED, `${unsent} bytes wait in the board's own queue`);
        });
      }
    });
  });
}

test("a hostile server cannot keep the board busy: the work for each byte is bounded", () => {
  everyAttack((make) => {
    for (const log of [2, 4]) {
      for (const size of [CHUNK, 1]) {
        const hostage = on(4, log);
        for (const chunk of inChunks(make(5_000), size)) {
          if (!hostage.board.connected) break;
          // The payload of a short frame waits until it is whole.
          const bytes = hostage.link.ws.unread.length + chunk.length;
          const { steps } = measured(meter, () => hostage.board.line.data(chunk));
          const most = STEPS_A_CHUNK + STEPS_A_BYTE * bytes;
          assert.ok(steps <= most, `${steps} steps for ${bytes} bytes at log level ${log}`);
        }
      }
    }
  });
});

test("a hostile server cannot overflow the stack: the depth of calls does not depend on what it sends", () => {
  everyAttack((make) => {
    for (const n of [100, 20_000]) {
      for (const chunk of [CHUNK, n]) {
        const hostage = on(4, 4);
        const { deepest } = measured(meter, () => void feed(hostage, inChunks(make(n), chunk)));
        assert.ok(deepest <= DEPTH, `${deepest} calls`);
      }
    }
  });
});

test("a hostile server cannot keep the board from feeding its watchdog, nor hold it for ever", () => {
  everyAttack((make) => {
    const hostage = on(4, 2);
    const { board } = hostage;
    const before = board.fed.length;
    let seconds = 0;
    feed(hostage, inChunks(make(5_000), CHUNK), () => {
      board.seconds(1);
      seconds++;
    });
    assert.ok(board.fed.length - before >= seconds, "fed each second");
    assertGoesOn(hostage);
  });
});

test("a hostile server gets no secret, on the wire or in the log", () => {
  everyAttack((make) => {
    const hostage = on(4, 4);
    feed(hostage, inChunks(make(5_000), 127));
    assertGoesOn(hostage);
    assertSecret(hostage.board);
  });
});

test("a hostile server cannot fill the memory with a reply that never ends", () => {
  for (const bytes of ["HTTP/1.1 101 x\r\n", "HTTP/1.1 101 ", "HTTP/1.1 200 OK\r\nX: y\r\n", "\r\n"]) {
    for (const size of [CHUNK, 1]) {
      const hostage = on(2, 2);
      const taken = feed(hostage, inChunks(bytes.repeat(9000 / bytes.length), size), () =>
        assert.ok(held(hostage) <= MOST_HELD),
      );
      assert.ok(taken < 9000, "given up");
    }
  }
});

test("a reply that comes byte by byte costs a bounded number of steps for each byte", () => {
  const hostage = on(2, 2);
  for (const byte of reply()) {
    if (!hostage.board.connected) break;
    const { steps, deepest } = measured(meter, () => hostage.board.line.data(byte));
    assert.ok(steps <= STEPS_A_CHUNK + STEPS_A_BYTE, `${steps} steps`);
    assert.ok(deepest <= DEPTH, `${deepest} calls`);
  }
  assert.equal(hostage.link.state, LOGIN);
});
