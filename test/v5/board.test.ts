// MQTT 5 on the virtual board: the built firmware with an application that obeys orders (board-app.ts), against
// independent brokers.
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { crc32 } from "node:zlib";
import { WebSocketServer } from "ws";
import { publish, publishWith, spec5 } from "#subject";
import { type Program, programOf } from "../../board/virtual/program.ts";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { ejabberd, noEjabberd } from "../brokers/ejabberd.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { appBundle } from "../support/app-bundle.ts";
import { boardOf } from "../virtual/boards.ts";
import { brokerSeconds, listening, live, until } from "./live.ts";

const skip = missing("mosquitto");

async function mosquitto(t: TestContext, ...lines: string[]): Promise<string> {
  const broker = await Mosquitto.start({ lines });
  t.after(() => broker.stop());
  return `ws://127.0.0.1:${broker.ports.ws}/mqtt`;
}

let code: Promise<Program> | undefined;

function program(): Promise<Program> {
  code ??= appBundle({ file: "test/v5/board-app.ts", name: "told" }, { profile: "v5", transport: "stock" });
  return code;
}

/** A board that obeys these orders once it is up. */
async function told(t: TestContext, url: string, id: string, orders: string, mqtt = {}, log = 2) {
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url, clientId: id, ...mqtt },
    app: { message: orders },
    log,
  };
  const board = boardOf(t, await program(), { files: { "config.json": JSON.stringify(config) } });
  board.boot();
  await board.untilLine(/^= up/);
  return board;
}

/** Lines of the application, the marks in front of them left out. */
const said = (board: VirtualBoard, word: string) =>
  board.lines.filter((line) => line.startsWith(`= ${word} `)).map((line) => line.slice(3 + word.length));

const BROKERS = [
  ["mosquitto", skip, mosquitto],
  ["ejabberd", noEjabberd(), ejabberd],
] as const;

for (const [name, unable, start] of BROKERS) {
  test(`${name}: two boards exchange properties and aliases, and Reason Codes reach the application`, {
    skip: unable,
  }, async (t) => {
    const url = await start(t);
    const to = await told(t, url, "to", "sub a/topic 2");
    await to.untilLine(/= done a\/topic 0 02/);
    const from = await told(t, url, "from", "with a/topic text 100;pub a/topic 9 1;pub a/topic 3 2", {}, 4);
    await until(() => said(to, "got").length === 13, "13 messages");
    await until(() => said(from, "done").length === 13, "13 answers");
    assert.match(said(to, "got")[0]!, /^a\/topic text text (100|99)$/);
    assert.ok(said(from, "done").every((line) => / 0 00 /.test(line)));
    // The topic is sent once, then its alias.
    const wire = from.lines.map((line) => / wire > (.*)/.exec(line)?.[1] ?? "").join(" ");
    const topic = Buffer.from("a/topic").toString("hex").replaceAll(/../g, "$& ").trim();
    assert.equal(wire.split(topic).length - 1, 1);
  });

  test(`${name}: with our Receive Maximum 1 the broker sends one message at a time`, {
    skip: unable,
  }, async (t) => {
    const url = await start(t);
    const to = await told(t, url, "to", "sub a 2", { properties: { receiveMaximum: 1 } });
    await to.untilLine(/= done a 0 02/);
    await told(t, url, "from", "pub a 10 2");
    await until(() => said(to, "got").length === 10, "ten messages");
    assert.ok(!to.lines.some((line) => / link DOWN/.test(line)), to.lines.join("\n"));
  });

  test(`${name}: a message without subscribers, its Reason Code reaches the application`, {
    skip: unable,
  }, async (t) => {
    const url = await start(t);
    const board = await told(t, url, "c", "pub nobody 1 1;pub nobody 1 0");
    await until(() => said(board, "done").length === 2, "two answers");
    assert.deepEqual(
      said(board, "done")
        .map((line) => line.split(" ").slice(0, 3).join(" "))
        .sort(),
      ["0 0 -", "0 0 10"],
    );
  });

  for (const [how, end, comes] of [
    ["that loses its power", (board: VirtualBoard) => board.off(), true],
    ["that says so (0x04)", () => {}, true],
    ["that leaves in order", () => {}, false],
  ] as const) {
    test(`${name}: the will of a board ${how}, with its delay`, { skip: unable }, async (t) => {
      const url = await start(t);
      const to = await live(t, url, "to");
      await listening(to, "w");
      const will = {
        topic: "w",
        payload: "gone",
        qos: 1,
        properties: { delay: 1, contentType: "t", userProperties: [["a", "b"]] },
      };
      const orders = /0x04/.test(how) ? "stop 4" : /order/.test(how) ? "stop 0" : "";
      const began = Date.now();
      const board = await told(t, url, "dying", orders, { will, properties: { sessionExpiry: 60 } });
      end(board);
      if (orders) await board.untilIdle();
      if (comes) {
        await until(() => to.messages.length, "the will");
        assert.deepEqual(to.messages, [
          ["w", "gone", { [spec5.CONTENT_TYPE]: "t", [spec5.USER_PROPERTY]: ["a", "b"] }],
        ]);
        assert.ok(Date.now() - began > 500, "not at once");
      } else {
        await brokerSeconds(t, url, 2);
        // If the will came, it would come before this message.
        publish(to.client, "w", "end", 1, false);
        await until(() => to.messages.some(([, payload]) => payload === "end"), "the end");
        assert.deepEqual(
          to.messages.map(([, payload]) => payload),
          ["end"],
        );
      }
    });
  }
}

test("mosquitto: two boards share a subscription, each message comes once and each board gets half", {
  skip,
}, async (t) => {
  const url = await mosquitto(t);
  const boards: VirtualBoard[] = [];
  for (const id of ["one", "two"]) {
    const board = await told(t, url, id, "sub $share/g/a 1");
    await board.untilLine(/= done \$share\/g\/a 0 01/);
    boards.push(board);
  }
  await told(t, url, "from", "pub a 10 1");
  const all = () => boards.flatMap((board) => said(board, "got").map((line) => +line.split(" ")[1]!));
  await until(() => all().length === 10, "ten messages");
  assert.deepEqual(
    all().sort((a, b) => a - b),
    [...Array(10).keys()],
  );
  for (const board of boards) assert.equal(said(board, "got").length, 5);
});

test("ejabberd, without shared subscriptions: the application is refused at once", {
  skip: noEjabberd(),
}, async (t) => {
  const board = await told(t, await ejabberd(t), "one", "sub $share/g/a 1");
  await board.untilLine(/^= refused \$share\/g\/a 158$/);
});

test("mosquitto: with its Receive Maximum 1 one message waits at a time, in order", { skip }, async (t) => {
  const url = await mosquitto(t, "max_inflight_messages 1");
  const to = await live(t, url, "to");
  await listening(to, "a");
  const from = await told(t, url, "from", "pub a 10 1;pub a 10 2");
  assert.match(from.lines.find((line) => line.startsWith("= up"))!, / 1$/);
  await until(() => said(from, "done").length === 20, "20 answers");
  assert.deepEqual(
    said(from, "done").map((line) => line.split(" ").at(-1)),
    Array(20).fill("1"),
  );
  await until(() => to.messages.length === 20, "20 messages");
  assert.deepEqual(
    to.messages.map(([, payload]) => payload),
    [...Array(2)].flatMap(() => [...Array(10).keys()].map(String)),
  );
});

test("mosquitto: its Server Keep Alive replaces ours", { skip }, async (t) => {
  const url = await mosquitto(t, "max_keepalive 17");
  const board = await told(t, url, "c", "", { keepAlive: 600 });
  assert.match(board.lines.find((line) => line.startsWith("= up"))!, /^= up 17 /);
});

test("mosquitto: messages while the board is offline: an expired one does not come, the other has its remaining expiry", {
  skip,
}, async (t) => {
  const url = await mosquitto(t, "persistence true");
  const mqtt = { cleanSession: false };
  const away = await told(t, url, "to", "sub a 1", mqtt);
  await away.untilLine(/= done a 0 01/);
  away.off();
  const from = await live(t, url, "from");
  publishWith(from.client, "a", "short", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 1 }, 1, false);
  publishWith(from.client, "a", "long", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 100 }, 1, false);
  await brokerSeconds(t, url, 2);
  const back = await told(t, url, "to", "", mqtt);
  await back.untilLine(/^= got/);
  const [got, ...others] = said(back, "got");
  assert.match(got!, /^a long - (9[0-8])$/);
  assert.deepEqual(others, []);
});

test("an outbox with properties in flash: hello-v5 sends it, hello logs that it skips it", {
  skip,
}, async (t) => {
  const url = await mosquitto(t);
  const to = await live(t, url, "to");
  await listening(to, "a");
  const mqtt = { url, clientId: "c", outbox: { save: true } };
  const config = { wifi: { ssid: "net" }, mqtt, log: 2, link: { rebootAfterS: 0 } };
  // Generation 1, no identifiers held; a PUBLISH at QoS 1 with properties, identifier 7, a topic of 1 byte, 10 bytes.
  const more = "\x05\x02\0\0\0\x64";
  const bytes = Buffer.from(`\0\0\0\x01\0\x04\x42\0\x07\0\x01\0\0\0\x0aa${more}text`, "latin1");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE((crc32(bytes) ^ 1) >>> 0);
  const file = Buffer.concat([crc, bytes]).toString("latin1");
  const boot = (bundle: Program) => {
    const board = boardOf(t, bundle, { files: { "config.json": JSON.stringify(config) } });
    board.flash.set("outbox.0", file);
    board.boot();
    return board;
  };
  const older = boot(programOf("dist/hello.js"));
  await older.untilLine(/outbox outbox\.0 is damaged, skipped/);
  older.off();
  assert.ok(!older.lines.some((line) => /messages from before/.test(line)));
  const newer = boot(await program());
  await newer.untilLine(/outbox 1 messages from before the restart/);
  await until(() => to.messages.length, "the message");
  const [topic, payload, list] = to.messages[0]!;
  assert.deepEqual([topic, payload], ["a", "text"]);
  assert.ok(list[spec5.MESSAGE_EXPIRY_INTERVAL]! <= 100);
});

test("auto: with a broker that speaks only 3.1.1 the board speaks 3.1.1", async (t) => {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const board = await told(t, broker.url, "c", "sub a 2;pub a 2 2", { version: "auto" });
  await until(() => said(board, "got").length === 2, "two messages");
  assert.ok(board.lines.some((line) => /next with MQTT 3\.1\.1/.test(line)));
});

test("a server names another server: the board connects there once, if config.json allows it", {
  skip,
}, async (t) => {
  const other = new URL(await mosquitto(t));
  // CONNACK: use another server, and where that is.
  const reference = `\x1c${String.fromCharCode(0, other.host.length)}${other.host}`;
  const rest = `\0\x9c${String.fromCharCode(reference.length)}${reference}`;
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  t.after(() => server.close());
  await new Promise((done) => server.on("listening", done));
  server.on("connection", (socket) => {
    const connack = `\x20${String.fromCharCode(rest.length)}${rest}`;
    socket.once("message", () => socket.send(Buffer.from(connack, "latin1")));
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
  const board = await told(t, url, "c", "sub a 1;pub a 1 1", { followServer: true });
  await until(() => said(board, "got").length === 1, "a message");
  assert.ok(board.lines.some((line) => line.endsWith(`the broker says: moved, see ${other.host}`)));
  assert.ok(board.lines.some((line) => line.endsWith(`Connecting to ${other.host}`)));
});
